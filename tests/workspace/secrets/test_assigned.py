"""Passwords and keys are known by the name of what they are given to, in every language's way to give."""

import pytest
from tests.workspace.secrets.fakes import PASSWORD

from codeanvil.workspace.secrets import screen

GIVEN = [
    ("a.py", 'def connect(password="{}", port=1): ...'),
    ("a.py", 'def connect(password: str = "{}"): ...'),
    ("a.py", 'password = (\n    "{}"\n)'),
    ("a.py", 'os.environ["DB_PASSWORD"] = "{}"'),
    ("a.py", 'os.environ.get("DB_PASSWORD", "{}")'),
    ("a.py", 'if password == "{}":'),
    ("a.py", "# password = {}"),
    ("a.py", '"""Log in with password: {}."""'),
    ("a.py", 'def f():\n    """Log in.\n\n    password: {}\n    """'),
    ("a.py", 'dsn = "host=db user=me password={} dbname=x"'),
    ("a.py", 'password = SecretStr("{}")'),
    ("a.ts", "function f(password: string = '{}') {{}}"),
    ("a.js", "const cfg = {{password: `{}`}}"),
    ("a.js", "fetch(u, {{headers: {{Authorization: 'Bearer {}'}}}})"),
    ("a.kt", 'val password: String = "{}"'),
    ("a.scala", 'val password = "{}"'),
    ("a.swift", 'let password = "{}"'),
    ("a.rs", 'const PASSWORD: &str = "{}";'),
    ("a.rs", 'let password: &\'static str = "{}";'),
    ("a.rs", 'let secret = String::from("{}");'),
    ("a.go", 'const password string = "{}"'),
    ("a.go", 'password := "{}"'),
    ("a.c", 'static const char password[] = "{}";'),
    ("a.c", '#define DB_PASSWORD "{}"'),
    ("a.cpp", 'std::string password{{"{}"}};'),
    ("a.cpp", 'std::string secret("{}");'),
    ("a.cs", 'Password = @"{}",'),
    ("a.cs", '"Server=db;User Id=sa;Password={};"'),
    ("a.java", 'private static final String DB_PASSWORD = "{}";'),
    ("a.java", 'source.setPassword("{}");'),
    ("a.rb", "config.password = '{}'"),
    ("a.rb", "password: '{}',"),
    ("a.php", "define('DB_PASSWORD', '{}');"),
    ("a.php", "'password' => '{}',"),
    ("compose.yaml", "      - POSTGRES_PASSWORD={}"),
    ("compose.yaml", "      MYSQL_ROOT_PASSWORD: {}"),
    ("compose.yaml", "      P: ${{DB_PASSWORD:-{}}}"),
    ("ci.yml", "    password: {} # of the test"),
    ("ci.yml", '  run: curl -H "Authorization: Bearer {}"'),
    ("Dockerfile", "ENV DB_PASSWORD={}"),
    ("Dockerfile", "ENV DB_PASSWORD {}"),
    ("Dockerfile", 'ARG ADMIN_PASS="{}"'),
    ("Dockerfile", "RUN curl -u me:{} https://x.example"),
    ("Makefile", "\tdocker login --username me --password {} registry"),
    ("Makefile", "export DB_PASSWORD := {}"),
    ("package.json", '"deploy": "ship --password={} --now"'),
    ("gradle.properties", "signing.keyPassword={}"),
    ("application.properties", "spring.datasource.password={}"),
    ("pom.xml", "<password>{}</password>"),
    ("app.csproj", '<add key="DbPassword" value="{}" />'),
    ("CMakeLists.txt", 'set(DB_PASSWORD "{}" CACHE STRING "")'),
    ("CMakeLists.txt", "set(DB_PASSWORD {})"),
    ("meson.build", "password = '{}'"),
    ("BUILD", "env = {{'PASSWORD': '{}'}}"),
    ("pyproject.toml", 'password = "{}"'),
]


@pytest.mark.parametrize(("path", "text"), GIVEN)
def test_a_password_goes_and_the_names_around_it_stay(path: str, text: str) -> None:
    screened = screen(path, text.format(PASSWORD))
    assert screened.text == text.format("<secret>")
    assert screened.kinds.total() == 1


@pytest.mark.parametrize(
    "name", ["token", "api_key", "accessKey", "client-secret", "AUTH_KEY", "iam.key", "salt", "jwtKey"]
)
def test_what_looks_like_a_key_goes_where_a_name_speaks_of_keys(name: str) -> None:
    value = "a1b2" + "c3d4e5f6g7"
    assert screen("a.yaml", f"{name}: {value}").text == f"{name}: <secret>"


KEPT = [
    ("a.py", "def f(token: str, secret: bytes | None = None, password: str = ...): ..."),
    ("a.py", "self.password = password1"),
    ("a.py", "token = next_token2()"),
    ("a.py", "password = os.environ['DB_PASSWORD1']"),
    ("a.py", 'password = password.encode("latin1")'),
    ("a.py", '"password": forms.CharField(label="Password")'),
    ("a.py", 'API_KEY_SOURCE = "apiKeySource"'),
    ("a.py", 'parser.add_argument("--token", help="the token")'),
    ("a.py", 'usage = "--password PASSWORD"'),
    ("a.py", 'url = "https://user:password@host.example/x"'),
    ("a.py", 'secret_name = "projects/x/secrets/y"'),
    ("a.py", 'password = f"{first}{second}"'),
    ("a.py", 'keywords = ("secret", "x509_v3", "sha256")'),
    ("a.py", 'secret = "${SECRET}"'),
    ("a.py", "password_enabled = True"),
    ("a.c", "token = TOKEN_IDENTIFIER_2;"),
    ("a.c", "#define TOKEN_PLUS2 PLUS2"),
    ("a.cpp", "class APFrameBuffer : public APDisplaySurface {"),
    ("a.ts", "password: string;"),
    ("a.ts", 'type T = { password: "string" }'),
    ("a.ts", "fetch(url, { credentials: 'include' })"),
    ("a.java", 'String passwordField = "password";'),
    ("a.rs", "fn token<'a>(x: &'a str) -> Token1<'a> {}"),
    ("a.go", "func TestParseX509V3ExtensionsWithSHA256AndRSA2048Keys(t *testing.T) {}"),
    ("compose.yaml", "  secret: my-secret"),
    ("compose.yaml", "password: ${DB_PASSWORD}"),
    ("ci.yml", "token: ${{ secrets.GITHUB_TOKEN }}"),
    ("Makefile", "PASSWORD ?= $(shell cat x1)"),
    ("Makefile", "\tship --token $(TOKEN2)"),
    ("Makefile", "\tdocker login --password-stdin"),
]


@pytest.mark.parametrize(("path", "text"), KEPT)
def test_names_types_and_references_stay(path: str, text: str) -> None:
    assert screen(path, text).text == text
