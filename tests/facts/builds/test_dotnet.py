import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target


def read(path: str, text: str) -> BuildFacts:
    return read_build(path, text.encode())


def together(files: dict[str, str]) -> dict[str, BuildFacts]:
    return {build.file: build for build in combine([read(path, files[path]) for path in sorted(files)])}


PROJECT = """\ufeff<Project Sdk="Microsoft.NET.Sdk">

  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFrameworks>net8.0;net6.0</TargetFrameworks>
    <Nullable>enable</Nullable>
    <LangVersion>12.0</LangVersion>
    <AssemblyName>harbour</AssemblyName>
    <VersionPrefix>2.1.0</VersionPrefix>
    <SerilogVersion>3.1.1</SerilogVersion>
    <UseCache Condition="'$(UseCache)' == ''">true</UseCache>
  </PropertyGroup>

  <ItemGroup>
    <PackageReference Include="Serilog" Version="$(SerilogVersion)" />
    <PackageReference Include="Dapper">
      <Version>2.1.35</Version>
    </PackageReference>
    <PackageReference Include="StyleCop.Analyzers" Version="1.2.0" PrivateAssets="All" />
    <PackageReference Include="Central" />
    <ProjectReference Include="..\\Core\\Core.csproj" />
    <FrameworkReference Include="Microsoft.AspNetCore.App" />
  </ItemGroup>

  <Target Name="Stamp" AfterTargets="Build" />
</Project>
"""


def test_a_project_is_read():
    facts = read("src/App/App.csproj", PROJECT)
    assert (facts.system, facts.folder, facts.name, facts.version) == ("dotnet", "src/App", "harbour", "2.1.0")
    assert (facts.minimum, facts.standard, facts.languages, facts.problem) == ("6.0", "C# 12", ("C#",), None)
    assert facts.targets == (
        Target("harbour", "executable", 4, links=("Core",), command="dotnet run"),
        Target("Stamp", "custom", 25, command="dotnet build -t:Stamp"),
    )
    assert facts.options == (Option("UseCache", "true", 11, "A property: -p:UseCache=VALUE."),)
    assert facts.dependencies == (
        Dependency("Serilog", "3.1.1", 15),
        Dependency("Dapper", "2.1.35", 16),
        Dependency("StyleCop.Analyzers", "1.2.0", 19, "build"),
        Dependency("Central", "", 20),
        Dependency("Microsoft.AspNetCore.App", "", 22),
    )
    assert dict(facts.commands) == {"build": "dotnet build", "run": "dotnet run"}


@pytest.mark.parametrize(
    ("path", "attributes", "body", "kind", "languages"),
    [
        ("a.csproj", 'Sdk="Microsoft.NET.Sdk.Web"', "", "executable", ("C#",)),
        ("a.fsproj", 'Sdk="Microsoft.NET.Sdk"', "", "library", ("F#",)),
        ("a.vbproj", 'Sdk="Microsoft.NET.Sdk"', "<PropertyGroup><OutputType>WinExe</OutputType></PropertyGroup>", "executable", ("Visual Basic",)),
        ("a.csproj", 'Sdk="Microsoft.NET.Sdk"', '<ItemGroup><PackageReference Include="xunit" Version="2"/></ItemGroup>', "test", ("C#",)),
        ("a.csproj", "", '<Sdk Name="Microsoft.NET.Sdk.Worker"/>', "executable", ("C#",)),
        ("a.csproj", 'Sdk="Microsoft.NET.Sdk.Web"', "<PropertyGroup><IsTestProject>true</IsTestProject></PropertyGroup>", "test", ("C#",)),
    ],
)  # fmt: skip
def test_what_a_project_makes(path, attributes, body, kind, languages):
    facts = read(path, f"<Project {attributes}>{body}</Project>")
    assert (facts.targets[0].kind, facts.targets[0].name, facts.languages) == (kind, "a", languages)


@pytest.mark.parametrize(
    ("framework", "minimum", "standard"),
    [
        ("net8.0", "8.0", "net8.0"), ("net9.0-windows10.0.19041", "9.0", "net9.0-windows10.0.19041"),
        ("netstandard2.0;net6.0", "6.0", "netstandard2.0, net6.0"), ("netstandard2.1", "Standard 2.1", "netstandard2.1"),
        ("net48", "Framework 4.8", "net48"), ("net472", "Framework 4.7.2", "net472"), ("netcoreapp3.1", "3.1", "netcoreapp3.1"),
        ("net10.0;net9.0", "9.0", "net10.0, net9.0"), ("$(Unknown)", "", ""),
    ],
)  # fmt: skip
def test_the_oldest_dotnet_that_is_needed(framework, minimum, standard):
    facts = read(
        "a.csproj",
        f'<Project Sdk="x"><PropertyGroup><TargetFramework>{framework}</TargetFramework></PropertyGroup></Project>',
    )
    assert (facts.minimum, facts.standard) == (minimum, standard)


OLD = """<?xml version="1.0" encoding="utf-8"?>
<Project ToolsVersion="15.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <PropertyGroup><OutputType>Library</OutputType><TargetFrameworkVersion>v4.7.2</TargetFrameworkVersion></PropertyGroup>
  <ItemGroup>
    <Reference Include="System.Xml" />
    <Reference Include="Newtonsoft.Json, Version=13.0.0.0, Culture=neutral"><HintPath>..\\packages\\x.dll</HintPath></Reference>
    <Compile Include="Sub\\Thing.cs" />
  </ItemGroup>
</Project>"""


def test_an_old_project_is_read():
    facts = read("Legacy.csproj", OLD)
    assert facts.dependencies == (Dependency("Newtonsoft.Json", "13.0.0.0", 6),)
    assert facts.targets == (Target("Legacy", "library", 3, ("Sub/Thing.cs",)),)
    assert (facts.minimum, dict(facts.commands)) == ("Framework 4.7.2", {"build": "msbuild Legacy.csproj"})


SOLUTION = """\ufeff
Microsoft Visual Studio Solution File, Format Version 12.00
# Visual Studio Version 17
Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "App", "src\\App\\App.csproj", "{11111111-1111-1111-1111-111111111111}"
EndProject
Project("{2150E333-8FDC-42A3-9474-1A3956D46DE8}") = "docs", "docs", "{22222222-2222-2222-2222-222222222222}"
EndProject
Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "Tests", "test\\Tests\\Tests.csproj", "{33333333-3333-3333-3333-333333333333}"
EndProject
Global
EndGlobal
"""
SLNX = """<Solution>
  <Folder Name="/src/"><Project Path="src/App/App.csproj" /></Folder>
  <Project Path="test\\Tests\\Tests.csproj" />
</Solution>"""


@pytest.mark.parametrize(("path", "text"), [("Harbour.sln", SOLUTION), ("Harbour.slnx", SLNX)])
def test_a_solution_names_its_projects(path, text):
    facts = read(path, text)
    assert (facts.name, facts.problem) == ("Harbour", None)
    assert facts.includes == ("src/App/App.csproj", "test/Tests/Tests.csproj")
    assert facts.subfolders == ("src/App", "test/Tests")


PACKAGES = """<Project><PropertyGroup><X>4.0</X></PropertyGroup><ItemGroup>
<PackageVersion Include="central" Version="$(X)" />
<PackageVersion Include="xunit" Version="2.9" />
<GlobalPackageReference Include="Nerdbank.GitVersioning" Version="3" />
</ItemGroup></Project>"""
PROPS = "<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework><Version>5.0</Version><LangVersion>13</LangVersion></PropertyGroup></Project>"
TESTS = '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="xunit"/></ItemGroup></Project>'


def test_projects_take_properties_and_versions_from_above_and_the_solution_learns_what_they_do():
    app = PROJECT.replace("<TargetFrameworks>net8.0;net6.0</TargetFrameworks>", "").replace(
        "<LangVersion>12.0</LangVersion>", ""
    )
    found = together(
        {
            "Harbour.sln": SOLUTION,
            "Directory.Build.props": PROPS,
            "Directory.Packages.props": PACKAGES,
            "src/App/App.csproj": app,
            "test/Tests/Tests.csproj": TESTS,
        }
    )
    app_facts, tests = found["src/App/App.csproj"], found["test/Tests/Tests.csproj"]
    assert (app_facts.minimum, app_facts.standard, app_facts.version) == ("8.0", "C# 13", "5.0")
    assert Dependency("Central", "4.0", 20) in app_facts.dependencies
    assert (tests.version, tests.dependencies) == ("5.0", (Dependency("xunit", "2.9", 1),))
    assert dict(found["Harbour.sln"].commands) == {
        "build": "dotnet build",
        "test": "dotnet test",
        "run": "dotnet run --project src/App/App.csproj",
    }
    assert (found["Harbour.sln"].minimum, found["Harbour.sln"].languages) == ("8.0", ("C#",))
    packages = found["Directory.Packages.props"]
    assert [(d.name, d.version, d.group) for d in packages.dependencies] == [
        ("central", "4.0", "managed"), ("xunit", "2.9", "managed"), ("Nerdbank.GitVersioning", "3", "build"),
    ]  # fmt: skip


def test_only_the_nearest_settings_count_unless_they_import_those_above():
    outer = "<Project><PropertyGroup><Version>1</Version><TargetFramework>net6.0</TargetFramework></PropertyGroup></Project>"
    inner = "<Project>{}<PropertyGroup><Version>2</Version></PropertyGroup></Project>"
    imports = "<Import Project=\"$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))\" />"
    for text, minimum in ((inner.format(""), ""), (inner.format(imports), "6.0")):
        found = together(
            {"Directory.Build.props": outer, "a/Directory.Build.props": text, "a/b/P.csproj": '<Project Sdk="x"/>'}
        )
        assert (found["a/b/P.csproj"].version, found["a/b/P.csproj"].minimum) == ("2", minimum)


def test_commands_name_the_file_where_a_folder_holds_several():
    exe = '<Project Sdk="x"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>'
    found = together({"A.csproj": exe, "B.csproj": exe, "All.sln": SOLUTION})
    assert dict(found["B.csproj"].commands) == {
        "build": "dotnet build B.csproj",
        "run": "dotnet run --project B.csproj",
    }
    assert dict(found["All.sln"].commands) == {"build": "dotnet build All.sln"}


def test_a_solution_of_old_projects_is_built_by_msbuild():
    cpp = SOLUTION.replace("App.csproj", "App.vcxproj")
    assert read("All.sln", cpp).commands == (("build", "msbuild"),)
    found = together({"All.sln": SOLUTION, "src/App/App.csproj": OLD, "test/Tests/Tests.csproj": OLD})
    assert found["All.sln"].commands == (("build", "msbuild"),)


def test_lists_of_packages_and_the_sdk_are_read():
    packages = '<packages>\n<package id="NUnit" version="3.14" />\n<package id="X" version="1" developmentDependency="true"/>\n<package/></packages>'
    assert read("packages.config", packages).dependencies == (
        Dependency("NUnit", "3.14", 2),
        Dependency("X", "1", 3, "dev"),
    )
    text = '{\n  // pinned\n  "sdk": { "version": "8.0.100", },\n  "msbuild-sdks": {\n    "MSTest.Sdk": "3.1" }\n}'
    facts = read("global.json", text)
    assert (facts.minimum, facts.dependencies) == ("8.0.100", (Dependency("MSTest.Sdk", "3.1", 5, "build"),))


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("a.csproj", "<Project>", "a.csproj is not valid XML: no element found"),
        (
            "a.csproj",
            '<!DOCTYPE a [<!ENTITY b "c">]><Project>&b;</Project>',
            "a.csproj is not valid XML: it declares an entity",
        ),
        ("a.sln", "hello", "a.sln is not valid solution: its first lines do not say"),
        ("a.slnx", "<Other/>", "a.slnx is not valid XML: its outermost element is not Solution."),
        ("global.json", "{", "global.json is not valid JSON: "),
        ("packages.config", "x", "packages.config is not valid XML: "),
        ("Directory.Build.props", "", "Directory.Build.props is not valid XML: no element found"),
    ],
)
def test_a_file_that_is_not_in_its_format_is_a_problem_that_names_it(path, text, problem):
    facts = read(path, text)
    assert str(facts.problem).startswith(problem)
    assert combine([facts]) == (facts,)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "a.csproj",
            "<Project><PropertyGroup/><ItemGroup><PackageReference/><PackageReference Include=''/><Reference/></ItemGroup><Target/></Project>",
        ),
        (
            "a.csproj",
            "<Project Sdk=''><PropertyGroup><A>$(B)</A><B>$(A)</B><Version>$(A)</Version></PropertyGroup></Project>",
        ),
        ("a.csproj", "<NoProject/>"),
        ("global.json", '{"sdk": 3, "msbuild-sdks": []}'),
        ("a.slnx", "<Solution><Project/></Solution>"),
    ],
)
def test_what_is_empty_or_goes_round_is_passed_over(path, text):
    facts = read(path, text)
    assert facts.problem is None
    assert combine([facts])


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("src/A.B.csproj", True), ("x.fsproj", True), ("x.vbproj", True), ("All.sln", True), ("All.slnx", True), (".csproj", False),
        ("Directory.Build.props", True), ("Directory.Build.targets", True), ("Other.props", False), ("a.vcxproj", False), ("global.json", True),
    ],
)  # fmt: skip
def test_files_are_told_by_their_path(path, known):
    assert is_build_file(path) is known
