"""The store's tables.

Everything about one file hangs on its number `files.id`. A symbol's number is its file's, shifted, plus its place in
the file: so the symbols of a file lie together and need no index, and files are written in any order. The indexes that
a hover needs are there from the start; the others are made at the end of the first build, when that costs a fraction of
keeping them up all the while.
"""

FILE_BITS = 24
"""Bits of a symbol's number that count within its file."""

TAUGHT = "(is_source OR (lang IN ('markdown', 'rst', 'asciidoc') AND NOT set_aside))"
"""The condition that a row of `files` meets of which samples are made: a source file, or a document."""

TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Source and build files. `family`: languages that use each other's names. `stamp`: what the file system said of the
-- file when it was read, empty where that cannot be trusted to change with the content. `kinds`: symbols by kind.
-- `set_aside`: no worker could read it, and none tries again until it changes.
-- `importance`: how much the project refers to what the file defines.
CREATE TABLE files(
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, lang TEXT NOT NULL, sha TEXT NOT NULL, lines INTEGER NOT NULL,
    imports TEXT NOT NULL, doc TEXT NOT NULL, main_line INTEGER NOT NULL, problem TEXT, role TEXT NOT NULL,
    family TEXT NOT NULL, is_source INTEGER NOT NULL, set_aside INTEGER NOT NULL, stamp TEXT NOT NULL,
    kinds TEXT NOT NULL, secrets TEXT NOT NULL, importance INTEGER NOT NULL DEFAULT 0);

-- The screened text of each file, compressed, and the files that hold a word, in any case of letters.
CREATE TABLE texts(file INTEGER PRIMARY KEY, text BLOB NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    body, content='', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0 tokenchars '_'");

CREATE TABLE symbols(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, scope TEXT NOT NULL, qualified TEXT NOT NULL,
    line INTEGER NOT NULL, "end" INTEGER NOT NULL, bases TEXT NOT NULL, methods TEXT NOT NULL, decl INTEGER NOT NULL,
    doc TEXT NOT NULL, signature TEXT NOT NULL, is_type INTEGER NOT NULL, is_place INTEGER NOT NULL);
CREATE INDEX symbols_name ON symbols(name);
CREATE TABLE bases(symbol INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY(symbol, name)) WITHOUT ROWID;
CREATE INDEX bases_name ON bases(name);
-- What is ranked by bm25 needs the positions of words: with less detail and no content, SQLite ranks all alike.
-- Bases that a file adds to types of other files, by the name that such a type has in its own file.
CREATE TABLE added_bases(
    file INTEGER NOT NULL, qualified TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY(file, qualified, name)) WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5(
    name, doc, signature, content='', tokenize='porter unicode61');
CREATE VIRTUAL TABLE search_paths USING fts5(path, content='', tokenize='porter unicode61');

-- What documents say, section by section; numbers as those of symbols.
CREATE TABLE sections(
    id INTEGER PRIMARY KEY, line INTEGER NOT NULL, "end" INTEGER NOT NULL, titles TEXT NOT NULL, part INTEGER NOT NULL,
    lead TEXT NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE search_sections USING fts5(title, body, content='', tokenize='porter unicode61');

-- What the project itself says of a file's role, where it does.
CREATE TABLE marks(file INTEGER PRIMARY KEY, marked TEXT NOT NULL);

CREATE TABLE builds(file INTEGER PRIMARY KEY, facts TEXT NOT NULL);

-- What a file reads or gives as settings, in its order.
CREATE TABLE settings(
    file INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, line INTEGER NOT NULL,
    value TEXT NOT NULL, doc TEXT NOT NULL, sets TEXT NOT NULL, PRIMARY KEY(file, place)) WITHOUT ROWID;

-- The names by which other files refer to a file: what it defines, and how it is imported. Of each name, how many
-- files of a family mention it that do not define it.
CREATE TABLE definers(file INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY(file, name)) WITHOUT ROWID;
CREATE TABLE names(
    name TEXT NOT NULL, family TEXT NOT NULL, referred INTEGER NOT NULL, PRIMARY KEY(name, family)) WITHOUT ROWID;

-- Samples that were made so far, of one file or of the project where the file is 0: the keys of their parts in order,
-- with counts by kind and the digest of the view they are of. `stale`: that view has changed since, or may have (2: by
-- an edit of the file itself). The parts are compressed JSON; of an edited file those that stay as they are stay here.
-- `candidates`: invented names that samples may say are not there.
CREATE TABLE samples(
    file INTEGER PRIMARY KEY, view TEXT NOT NULL, kinds TEXT NOT NULL, keys BLOB NOT NULL,
    stale INTEGER NOT NULL DEFAULT 0);
CREATE INDEX samples_stale ON samples(file) WHERE stale;
CREATE TABLE sample_parts(
    file INTEGER NOT NULL, key INTEGER NOT NULL, kinds TEXT NOT NULL, rows BLOB NOT NULL,
    PRIMARY KEY(file, key)) WITHOUT ROWID;
CREATE TABLE candidates(name TEXT NOT NULL, file INTEGER NOT NULL, PRIMARY KEY(name, file)) WITHOUT ROWID;
CREATE INDEX candidates_file ON candidates(file);

-- Files left out for what is in them.
CREATE TABLE passed_over(path TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
"""

INDEXES = """
CREATE INDEX IF NOT EXISTS symbols_nocase ON symbols(name COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS symbols_flat ON symbols(lower(replace(name, '_', '')));
CREATE INDEX IF NOT EXISTS symbols_scope ON symbols(scope);
CREATE INDEX IF NOT EXISTS added_bases_to ON added_bases(qualified);
CREATE INDEX IF NOT EXISTS added_bases_name ON added_bases(name);
CREATE INDEX IF NOT EXISTS definers_name ON definers(name);
CREATE INDEX IF NOT EXISTS symbols_places ON symbols(name, qualified) WHERE is_place;
-- What the report after each save counts over all files, so that it need not read their wide rows.
CREATE INDEX IF NOT EXISTS files_revision ON files(path, sha);
CREATE INDEX IF NOT EXISTS files_counted ON files(lang, kinds);
CREATE INDEX IF NOT EXISTS files_secrets ON files(secrets) WHERE secrets != '{}';
CREATE INDEX IF NOT EXISTS files_problem ON files(path, problem) WHERE problem IS NOT NULL;
CREATE INDEX IF NOT EXISTS files_set_aside ON files(path) WHERE set_aside;
"""
