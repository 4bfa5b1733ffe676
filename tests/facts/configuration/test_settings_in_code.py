"""Where source reads settings, language by language; and that comments, texts and secrets are none."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.facts.configuration.arguments import read, text_of
from codeanvil.facts.configuration.code import MOST, read_settings
from codeanvil.facts.configuration.values import is_secret, told
from codeanvil.facts.languages import LANGUAGES

# language, source, what is read: (kind, name, line, default, doc, sets)
READ = [
    ("python", '# Where it listens.\nPORT = int(os.environ.get("FOO_PORT", "8080"))\n',
     [("environment", "FOO_PORT", 2, "8080", "Where it listens.", "PORT")]),
    ("python", 'HOST = os.environ["FOO_HOST"]  # name of the host\nrun(level=os.getenv("LOG_LEVEL"))\n',
     [("environment", "FOO_HOST", 1, "", "name of the host", "HOST"), ("environment", "LOG_LEVEL", 2, "", "", "level")]),
    ("python", 'p.add_argument("-p", "--port", type=int, default=80, help="Port to "\n    "listen on. More.")\n',
     [("argument", "--port", 1, "80", "Port to listen on.", "")]),
    ("python", 'p.add_argument("file", help="What to read")\n', []),
    ("python", '@click.option("--level", default="info", help="How much (to) tell", envvar="APP_LEVEL")\ndef f(): ...\n',
     [("argument", "--level", 1, "info", "How much (to) tell", ""),
      ("environment", "APP_LEVEL", 1, "info", "How much (to) tell", "")]),
    ("python", 'def go(user_name: str = typer.Option("ann", help="Who it is")): ...\n',
     [("argument", "--user-name", 1, "ann", "Who it is", "")]),
    ("python", 'class Settings(BaseSettings):\n    port: int = 80\n    """The port."""\n    url: str = Field("x", '
     'description="Its address.")\n    model_config = 1\n',
     [("field", "Settings.port", 2, "80", "The port.", ""), ("field", "Settings.url", 4, "x", "Its address.", "")]),
    ("python", "@dataclass\nclass RunConfig:\n    steps: int = 3  # how many there are\n    rest: list = field(default_factory=list)\n",
     [("field", "RunConfig.steps", 3, "3", "how many there are", ""), ("field", "RunConfig.rest", 4, "", "", "")]),
    ("rust", 'struct Cli {\n    /// Port to listen on\n    #[arg(short, long, default_value_t = 80, env = "APP_PORT")]\n    pub web_port: u16,\n}\n',
     [("argument", "--web-port", 3, "80", "Port to listen on", ""),
      ("environment", "APP_PORT", 3, "80", "Port to listen on", "")]),
    ("rust", 'fn main() {\n    let a = Arg::new("c").long("config").default_value("x.toml").help("The file");\n'
     '    let home = env::var("APP_HOME").unwrap_or("x".into());\n}\n',
     [("argument", "--config", 2, "x.toml", "The file", ""), ("environment", "APP_HOME", 3, "x", "", "home")]),
    ("go", 'package m\n\nfunc f() {\n\tport := os.Getenv("PORT")\n\tc.Flags().StringVarP(&n, "name", "n", "World", "Who to greet")\n'
     '\tv := flag.Int("count", 3, "How many")\n}\n',
     [("environment", "PORT", 4, "", "", "port"), ("argument", "--name", 5, "World", "Who to greet", ""),
      ("argument", "-count", 6, "3", "How many", "")]),
    ("go", 'package m\n\ntype C struct {\n\tPort int `env:"APP_PORT" envDefault:"3000"`\n}\n',
     [("environment", "APP_PORT", 4, "3000", "", "")]),
    ("typescript", "const port = process.env.PORT ?? 3000;\nconst t = `${process.env.IN_TEMPLATE}`;\n",
     [("environment", "PORT", 1, "3000", "", "port"), ("environment", "IN_TEMPLATE", 2, "", "", "t")]),
    ("javascript", "program.option('-p, --pizza <type>', 'kind of pizza', 'cheese');\n"
     "yargs.option('size', { default: 3, describe: 'How large' });\n$('a').option('size');\n",
     [("argument", "--pizza", 1, "cheese", "kind of pizza", ""), ("argument", "--size", 2, "3", "How large", "")]),
    ("cpp", 'DEFINE_int32(port, 8080, "Port to listen on");\nauto host = std::getenv("APP_HOST");\n'
     'static struct option o[] = {{"verbose", no_argument, 0, 1}};\n',
     [("argument", "--port", 1, "8080", "Port to listen on", ""), ("environment", "APP_HOST", 2, "", "", "host"),
      ("argument", "--verbose", 3, "", "", "")]),
    ("ruby", 'opts.on("-v", "--verbose", "Tell more of it") { |v| }\nport = ENV.fetch("PORT", 3000)\nx = ENV["HOME_DIR"]\n',
     [("argument", "--verbose", 1, "", "Tell more of it", ""), ("environment", "PORT", 2, "3000", "", "port"),
      ("environment", "HOME_DIR", 3, "", "", "x")]),
    ("java", 'class A {\n  @Option(names = {"-p", "--port"}, description = "The port", defaultValue = "80") int port;\n'
     '  @Value("${app.name:foo}") String name;\n  String home = System.getenv("APP_HOME");\n}\n',
     [("argument", "--port", 2, "80", "The port", ""), ("key", "app.name", 3, "foo", "", ""),
      ("environment", "APP_HOME", 4, "", "", "home")]),
    ("kotlin", 'val port by option("--port", help = "The port").int().default(80)\nval home = System.getenv("APP_HOME") ?: "x"\n',
     [("argument", "--port", 1, "80", "The port", ""), ("environment", "APP_HOME", 2, "", "", "home")]),
    ("scala", 'object A { val home = sys.env.getOrElse("APP_HOME", "d") }\n',
     [("environment", "APP_HOME", 1, "d", "", "home")]),
    ("csharp", 'class A { void F() {\n  var home = Environment.GetEnvironmentVariable("APP_HOME");\n'
     '  var o = new Option<int>("--port", "The port to use");\n} }\n',
     [("environment", "APP_HOME", 2, "", "", "home"), ("argument", "--port", 3, "", "The port to use", "")]),
    ("php", "<?php\n$home = getenv('APP_HOME');\n$this->addOption('port', 'p', X::Y, 'The port', 80);\n",
     [("environment", "APP_HOME", 2, "", "", "home"), ("argument", "--port", 3, "80", "The port", "")]),
    ("swift", 'let home = ProcessInfo.processInfo.environment["APP_HOME"]\n',
     [("environment", "APP_HOME", 1, "", "", "home")]),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "source", "expected"), READ, ids=[f"{lang}-{i}" for i, (lang, *_) in enumerate(READ)])
def test_settings_are_read_as_each_language_writes_them(lang, source, expected):
    found = read_settings("src/a", source.encode(), lang)
    assert [(s.kind, s.name, s.line, s.default, s.doc, s.sets) for s in found] == expected
    assert {s.file for s in found} <= {"src/a"}


def test_every_language_is_tried():
    assert {lang for lang, *_ in READ} >= LANGUAGES.keys() - {"c", "tsx"}


@pytest.mark.parametrize(
    ("lang", "source"),
    [
        ("python", "# os.getenv('IN_COMMENT')\n"),
        ("python", "x = \"os.getenv('IN_TEXT')\"\n"),
        ("python", '"""\nos.environ["IN_DOCSTRING"]\n"""\n'),
        ("python", 'os.environ["WRITTEN"] = "1"\n'),
        ("python", "os.getenv(name)\nos.getenv(f'A_{b}')\n"),
        ("cpp", '// getenv("IN_COMMENT")\n/* getenv("IN_BLOCK") */\n'),
        ("javascript", "// process.env.IN_COMMENT\nconst a = 'process.env.IN_TEXT';\n"),
        ("go", 'package m\n// os.Getenv("IN_COMMENT")\n'),
        ("ruby", '# ENV["IN_COMMENT"]\nENV["WRITTEN"] = "1"\n'),
    ],
)
def test_what_is_no_reading_is_none(lang, source):
    assert read_settings("a", source.encode(), lang) == ()


def test_defaults_of_secrets_are_never_told():
    source = (
        'A = os.getenv("API_TOKEN", "abcdef")\nB = os.getenv("DB_PASSWORD", "x")\nC = os.getenv("DB", "u://a:b@c")\n'
    )
    found = read_settings("a.py", source.encode(), "python")
    assert [(s.name, s.default) for s in found] == [("API_TOKEN", ""), ("DB_PASSWORD", ""), ("DB", "")]
    assert told("LEVEL", "<secret>") == ""
    assert all(map(is_secret, ["apiKey", "server.password", "--token", "SECRET_KEY", "Settings.secret_key", "passwd"]))
    assert not any(map(is_secret, ["PORT", "keyboard", "max_tokens", "--keep", "author"]))


def test_a_setting_read_twice_in_a_file_is_told_where_it_is_read_first():
    found = read_settings("a.py", b'\nos.getenv("AA")\nos.getenv("AA", "1")\n', "python")
    assert [(s.name, s.line) for s in found] == [("AA", 2)]


def test_of_one_file_no_more_are_told_than_a_reader_takes_in():
    source = "".join(f'os.getenv("NAME_{i}")\n' for i in range(MOST + 50))
    assert len(read_settings("a.py", source.encode(), "python")) == MOST


def test_lines_and_names_are_right_after_letters_of_several_bytes():
    source = '# Größe — ⚓\nos.getenv("FOO")\nx = "äöü"; y = os.getenv("BAR")\n'
    assert [(s.name, s.line) for s in read_settings("a.py", source.encode(), "python")] == [("FOO", 2), ("BAR", 3)]


@pytest.mark.parametrize(
    "hard",
    [
        b'.add_argument("' * 3_000,
        b".add_argument(" * 5_000,
        b'os.getenv("\\' + b"\\\\" * 20_000,
        b".add_argument('''" * 3_000,
        b'.add_argument("a" # ' * 3_000,
    ],
)
def test_time_is_linear_in_what_somebody_wrote(hard):
    start = time.process_time()
    read_settings("a.py", hard, "python")
    assert time.process_time() - start < 5


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(LANGUAGES)), st.lists(st.one_of(
    st.sampled_from([b'os.getenv("AA", ', b".add_argument(", b'"--x"', b"'", b"(", b")", b"[", b"{", b"}", b",", b"\n",
                     b"process.env.AA", b'getenv("A"', b"class ASettings(BaseSettings):\n    a: int = ", b"Arg::new(", b"#[arg(long",
                     b'Flags().StringP("a"', b"\\", b"/*", b"#", b"=", b"default="]),
    st.binary(max_size=4)), max_size=30))  # fmt: skip
def test_any_bytes_are_settings_or_none(lang, pieces):
    for setting in read_settings("a", b"".join(pieces), lang):
        assert setting.line >= 1
        assert setting.name


def test_arguments_are_read_through_brackets_quotes_and_comments():
    given_to = '("a, b", [1, 2], k="v)", # no, )\n  x={"y": 1}, z=f(1, 2)).more("c").last()'
    found = read(given_to, 0)
    assert found is not None
    assert found.placed == ['"a, b"', "[1, 2]"]
    assert found.named == {"k": '"v)"', "x": '{"y": 1}', "z": "f(1, 2)", "more": '"c"', "last": ""}
    assert found.end == len(given_to)
    assert read("(a, b", 0) is None
    assert read("(a]", 0) is None


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        ('"a"', "a"),
        ("'it\\'s'", "it's"),
        ('"a " "b"', "a b"),
        ('"a" + "b"', "ab"),
        ("name", None),
        ("f'{x}'", None),
        ("8", None),
    ],
)
def test_texts_are_read_without_their_quotes(piece, text):
    assert text_of(piece) == text
