import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(text: str, path: str = "Gemfile") -> BuildFacts:
    return read_build(path, text.encode())


GEMFILE = """# frozen_string_literal: true
source "https://rubygems.org"
git_source(:github) { |repo| "https://github.com/#{repo}.git" }
ruby "~> 3.2.0", engine: "ruby"

gem "rails", "~> 7.1", ">= 7.1.2"
gem 'pg', require: false
RAKE = "13"
gem "rake", "~> #{RAKE}.0".freeze
gem "own", path: "../own"
gem "edge", github: "acme/edge", branch: "main"

group :development, :test do
  gem "rspec-rails"
  platforms :mri do
    gem "debug", ">= 1.9"
  end
end
gem "rubocop", groups: [:development], require: false
gem "capybara", :group => :test
if ENV["FAST"]
  gem "fast"
else
  gem "slow"
end
gem "tz" unless Gem.win_platform?
%w[aa bb].each { |name| gem name }
install_if -> { true } do
  gem "maybe"
end
gemspec
"""


def test_a_gemfile_is_read():
    facts = read(GEMFILE)
    assert (facts.system, facts.minimum, facts.languages, facts.problem) == ("bundler", "3.2.0", ("Ruby",), None)
    assert facts.dependencies == (
        Dependency("rails", "~> 7.1, >= 7.1.2", 6),
        Dependency("pg", "", 7),
        Dependency("rake", "~> 13.0", 9),
        Dependency("own", "../own", 10),
        Dependency("edge", "main", 11),
        Dependency("rspec-rails", "", 14, "development and test"),
        Dependency("debug", ">= 1.9", 16, "development and test"),
        Dependency("rubocop", "", 19, "development"),
        Dependency("capybara", "", 20, "test"),
        Dependency("fast", "", 22),
        Dependency("slow", "", 24),
        Dependency("tz", "", 26),
        Dependency("aa", "", 27),
        Dependency("bb", "", 27),
        Dependency("maybe", "", 29),
    )
    assert dict(facts.commands) == {
        "test": "bundle exec rspec", "run": "bin/rails server", "install": "bundle install",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("", {}),
        ("gem 'x'", {"install": "bundle install"}),
        ("gem 'rails'", {"test": "bin/rails test", "run": "bin/rails server", "install": "bundle install"}),
        (
            "gem 'jekyll'",
            {"build": "bundle exec jekyll build", "run": "bundle exec jekyll serve", "install": "bundle install"},
        ),
    ],
)
def test_gems_tell_what_can_be_done(text, commands):
    assert dict(read(text).commands) == commands


SPECIFICATION = """require_relative "lib/tool/version"
version = "2.1.0"
Gem::Specification.new do |spec|
  spec.name = "tool"
  spec.version = version
  spec.required_ruby_version = Gem::Requirement.new(">= 2.7")
  spec.required_ruby_version = ">= 3.0"
  spec.bindir = "exe"
  spec.executables = %w[tool toolbox]
  spec.executables << "extra"
  spec.add_dependency "thor", "~> 1.3"
  spec.add_runtime_dependency("zeitwerk", [">= 2.6", "< 3"])
  spec.add_development_dependency "minitest"
end
"""


def test_a_specification_is_read():
    facts = read(SPECIFICATION, "gems/tool/tool.gemspec")
    assert (facts.system, facts.name, facts.version, facts.minimum) == ("rubygems", "tool", "2.1.0", "3.0")
    assert facts.targets == (
        Target("tool", "script", 9, command="bundle exec tool"),
        Target("toolbox", "script", 9, command="bundle exec toolbox"),
        Target("extra", "script", 10, command="bundle exec extra"),
    )
    assert facts.dependencies == (
        Dependency("thor", "~> 1.3", 11),
        Dependency("zeitwerk", ">= 2.6, < 3", 12),
        Dependency("minitest", "", 13, "development"),
    )
    assert dict(facts.commands) == {
        "build": "gem build tool.gemspec",
        "install": "gem build tool.gemspec && gem install ./tool-2.1.0.gem",
    }


def test_a_version_that_stands_elsewhere_is_not_known():
    facts = read("Gem::Specification.new('t') { |s| s.version = Tool::VERSION }", "t.gemspec")
    assert (facts.name, facts.version, dict(facts.commands)) == ("t", "", {"build": "gem build t.gemspec"})


RAKEFILE = """require "bundler/gem_tasks"
require "rspec/core/rake_task"

RSpec::Core::RakeTask.new(:spec) { |t| t.pattern = "x" }
RuboCop::RakeTask.new
task default: %i[spec rubocop]

desc "Builds the docs. And more."
task :docs, [:format] => [:environment, "tmp/x"] do |t, args|
  sh "x"
end

namespace :db do
  # Fills it.
  task :seed => "db:create"
  namespace(:test) { task(:prepare) }
end
file "out.html" => ["in.md"] do; end
multitask parallel: %w(a b)
import "lib/more.rake"
%w[x y].each { |n| task("lint:#{n}") }
task(unknown) {}
def helper; task :no; end
"""


def test_a_rakefile_is_read():
    facts = read(RAKEFILE, "Rakefile")
    assert [(t.name, t.kind, t.line, t.links, t.doc) for t in facts.targets] == [
        ("build", "custom", 1, (), "Build the gem"),
        ("install", "custom", 1, (), "Build and install the gem"),
        ("release", "custom", 1, (), "Tag, build and push the gem"),
        ("spec", "test", 4, (), ""),
        ("rubocop", "custom", 5, (), ""),
        ("default", "custom", 6, ("spec", "rubocop"), ""),
        ("docs", "custom", 9, ("environment", "tmp/x"), "Builds the docs."),
        ("db:seed", "custom", 15, ("db:create",), "Fills it."),
        ("db:test:prepare", "test", 16, (), ""),
        ("out.html", "custom", 18, ("in.md",), ""),
        ("parallel", "custom", 19, ("a", "b"), ""),
        ("lint:x", "custom", 21, (), ""),
        ("lint:y", "custom", 21, (), ""),
    ]
    assert facts.targets[6].command == "rake docs"
    assert dict(facts.commands) == {"build": "rake build", "test": "rake spec", "install": "rake install"}
    assert (facts.includes, facts.installs) == (("lib/more.rake",), True)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("task :x", {}),
        ("task default: :test\nRake::TestTask.new", {"test": "rake test"}),
        ("task default: [:compile_assets]", {"build": "rake"}),
        ("task :serve\ntask :compile", {"build": "rake compile", "run": "rake serve"}),
    ],
)
def test_tasks_tell_what_can_be_done(text, commands):
    assert dict(read(text, "Rakefile").commands) == commands


def test_files_of_one_folder_know_one_another():
    found = combine(
        [
            read("gem 'rake'", "p/Gemfile"),
            read("task :build", "p/Rakefile"),
            read("Rake::TestTask.new", "p/lib/tasks/t.rake"),
            read("Gem::Specification.new { |s| s.name = 'g' }", "p/g.gemspec"),
            read("task :test", "p/sub/Rakefile"),
        ],
        {"p/config.ru"},
    )
    assert found[0].name == "g"
    assert dict(found[0].commands) == {
        "test": "bundle exec rake test", "run": "bundle exec rackup", "install": "bundle install",
    }  # fmt: skip
    assert dict(found[1].commands) == {"build": "bundle exec rake build", "test": "bundle exec rake test"}
    assert (found[2].commands, found[2].targets[0].command) == ((), "bundle exec rake test")
    assert dict(found[4].commands) == {"test": "bundle exec rake test"}


def test_a_podfile_is_read():
    facts = read(
        "platform :ios, '13.0'\ntarget 'App' do\n  use_frameworks!\n  pod 'Firebase/Core', '~> 10.0'\n  pod 'Firebase/Auth'\n"
        "  pod 'Own', :path => '../Own'\n  target 'AppTests' do\n    pod 'Quick'\n  end\nend\n",
        "Podfile",
    )
    assert [(t.name, t.kind, t.line) for t in facts.targets] == [("App", "executable", 2), ("AppTests", "test", 7)]
    assert facts.dependencies == (
        Dependency("Firebase", "~> 10.0", 4, components=("Core", "Auth")),
        Dependency("Own", "../Own", 6),
        Dependency("Quick", "", 8),
    )
    assert facts.commands == (("install", "pod install"),)


@pytest.mark.parametrize("path", ["Gemfile", "x.gemspec", "Rakefile", "Podfile"])
def test_what_is_no_ruby_is_told(path):
    problem = read("gem 'a'\n)))(((", f"sub/{path}").problem
    assert problem == f"sub/{path} is not valid Ruby: line 2 cannot be read. Mend the file to have its facts."


@pytest.mark.parametrize(
    "path", ["Gemfile", "gems.rb", "a/b.gemspec", "Rakefile", "rakefile.rb", "lib/tasks/x.rake", "Podfile"]
)
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + ".erb")


@pytest.mark.parametrize(
    "text",
    ["group :a do\n" * 10_000, "gem('a', " * 10_000, "[" * 20_000, "x = 'a'\n" + "x = \"#{x}#{x}\"\n" * 60 + "gem x",
     "%w[" + "a " * 20_000 + "].each { |a| %w[" + "b " * 500 + "].each { |b| task a } }", "a." * 20_000, "a + " * 20_000 + "b",
     "%w[1 2 3 4 5 6 7 8 9].each { |a| " * 12 + "task a" + "}" * 12, "# c\n" * 20_000 + "task :a", "gem 'a'; " * 10_000],
    ids=range(10),
)  # fmt: skip
@pytest.mark.parametrize("path", ["Gemfile", "Rakefile"])
def test_hostile_files_take_no_time_to_speak_of(path, text):
    read(text, path)
