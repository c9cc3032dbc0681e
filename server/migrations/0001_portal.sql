-- What a portal publishes. Columns named `names`, `titles` … hold JSON, {"vi": "…", "en": "…"};
-- instants are milliseconds since 1970 in UTC, days are text, YYYY-MM-DD.

-- Sections, tags and fields of government: names to link to or to filter by.
CREATE TABLE terms (
    kind      TEXT NOT NULL CHECK (kind IN ('section', 'tag', 'field')),
    id        TEXT NOT NULL,
    position  INTEGER NOT NULL,
    names     TEXT NOT NULL,
    summaries TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE organisations (
    id        TEXT PRIMARY KEY,
    position  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    names     TEXT NOT NULL,
    summaries TEXT NOT NULL,
    addresses TEXT NOT NULL,
    site      TEXT,
    phone     TEXT,
    email     TEXT
) STRICT;

CREATE TABLE authors (
    id       TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    names    TEXT NOT NULL,
    roles    TEXT NOT NULL
) STRICT;

CREATE TABLE pictures (
    id     TEXT PRIMARY KEY,
    width  INTEGER NOT NULL,
    height INTEGER NOT NULL,
    sizes  TEXT NOT NULL -- JSON, [{"url": "…", "width": 960}], ascending
) STRICT;

-- A work is what its versions have in common; its id is the id of the original.
CREATE TABLE works (
    id            TEXT PRIMARY KEY,
    section       TEXT NOT NULL,
    organisation  TEXT REFERENCES organisations (id),
    rank          INTEGER,
    picture       TEXT REFERENCES pictures (id),
    comments_open INTEGER NOT NULL
) STRICT;
CREATE INDEX works_by_section ON works (section);
CREATE INDEX works_by_organisation ON works (organisation);

CREATE TABLE work_authors (
    work     TEXT NOT NULL REFERENCES works (id),
    position INTEGER NOT NULL,
    author   TEXT NOT NULL REFERENCES authors (id),
    PRIMARY KEY (work, position)
) STRICT;
CREATE INDEX works_by_author ON work_authors (author);

CREATE TABLE work_tags (
    work     TEXT NOT NULL REFERENCES works (id),
    position INTEGER NOT NULL,
    tag      TEXT NOT NULL,
    PRIMARY KEY (work, position)
) STRICT;
CREATE INDEX works_by_tag ON work_tags (tag);

CREATE TABLE work_related (
    work     TEXT NOT NULL REFERENCES works (id),
    position INTEGER NOT NULL,
    related  TEXT NOT NULL REFERENCES works (id),
    PRIMARY KEY (work, position)
) STRICT;

CREATE TABLE work_attachments (
    work       TEXT NOT NULL REFERENCES works (id),
    position   INTEGER NOT NULL,
    url        TEXT NOT NULL,
    titles     TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size       INTEGER NOT NULL,
    PRIMARY KEY (work, position)
) STRICT;

-- One text in one language.
CREATE TABLE versions (
    seq          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    work         TEXT NOT NULL REFERENCES works (id),
    lang         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    slug         TEXT NOT NULL,
    title        TEXT NOT NULL,
    kicker       TEXT,
    standfirst   TEXT,
    dateline     TEXT,
    body         TEXT NOT NULL, -- HTML fragment; links and pictures relative to the portal
    published    INTEGER NOT NULL,
    updated      INTEGER,
    caption      TEXT,
    alt          TEXT,
    credit       TEXT,
    withdrawn    INTEGER, -- when
    withdrawal   TEXT,    -- why
    plain        TEXT NOT NULL, -- lower-cased text with its marks, to rank what was typed exactly
    UNIQUE (work, lang)
) STRICT;
CREATE INDEX versions_by_date ON versions (lang, published DESC, id DESC);

CREATE TABLE corrections (
    version INTEGER NOT NULL REFERENCES versions (seq),
    date    INTEGER NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (version, date)
) STRICT, WITHOUT ROWID;

-- Numbers with dates that a body mentions; those the register knows become links.
CREATE TABLE mentions (
    version  INTEGER NOT NULL REFERENCES versions (seq),
    position INTEGER NOT NULL,
    number   TEXT NOT NULL,
    issued   TEXT NOT NULL,
    PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;

-- Folded tokens, see src/search.rs; rowid is versions.seq.
CREATE VIRTUAL TABLE version_words USING fts5 (
    title, standfirst, body,
    content = '', contentless_delete = 1, tokenize = "ascii"
);

CREATE TABLE documents (
    seq          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    number       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    titles       TEXT NOT NULL,
    abstracts    TEXT NOT NULL,
    issuer       TEXT REFERENCES organisations (id),
    issuer_names TEXT NOT NULL, -- of an issuer that is no organisation of the portal
    signer       TEXT NOT NULL,
    issued       TEXT NOT NULL,
    effective    TEXT,
    expires      TEXT,
    status       TEXT NOT NULL,
    field        TEXT,
    plain        TEXT NOT NULL,
    UNIQUE (number, issued)
) STRICT;
CREATE INDEX documents_by_date ON documents (issued DESC, id DESC);

CREATE TABLE document_relations (
    document TEXT NOT NULL REFERENCES documents (id),
    relation TEXT NOT NULL CHECK (relation IN ('amends', 'replaces')),
    position INTEGER NOT NULL,
    target   TEXT NOT NULL REFERENCES documents (id),
    PRIMARY KEY (document, relation, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_relations_by_target ON document_relations (target);

CREATE TABLE document_files (
    document   TEXT NOT NULL REFERENCES documents (id),
    position   INTEGER NOT NULL,
    url        TEXT NOT NULL,
    titles     TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size       INTEGER NOT NULL,
    PRIMARY KEY (document, position)
) STRICT;

CREATE VIRTUAL TABLE document_words USING fts5 (
    number, titles, abstracts,
    content = '', contentless_delete = 1, tokenize = "ascii"
);

CREATE TABLE spokespersons (
    id           TEXT PRIMARY KEY,
    position     INTEGER NOT NULL,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    roles        TEXT NOT NULL,
    phone        TEXT,
    email        TEXT,
    languages    TEXT NOT NULL -- JSON, ["vi", "en"]
) STRICT;

CREATE TABLE briefings (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    starts       INTEGER NOT NULL,
    ends         INTEGER,
    places       TEXT NOT NULL,
    titles       TEXT NOT NULL,
    summaries    TEXT NOT NULL,
    article      TEXT REFERENCES works (id),
    changed      INTEGER NOT NULL
) STRICT;

CREATE TABLE notices (
    id          TEXT PRIMARY KEY,
    level       TEXT NOT NULL,
    titles      TEXT NOT NULL,
    texts       TEXT NOT NULL,
    issued      INTEGER NOT NULL,
    expires     INTEGER,
    dismissible INTEGER NOT NULL,
    article     TEXT REFERENCES works (id)
) STRICT;

-- A thread belongs to a work: all its versions share it.
CREATE TABLE comments (
    seq     INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    thread  TEXT NOT NULL REFERENCES works (id),
    parent  TEXT REFERENCES comments (id),
    author  TEXT NOT NULL,
    badge   TEXT NOT NULL,
    lang    TEXT,
    body    TEXT NOT NULL,
    created INTEGER NOT NULL,
    edited  INTEGER,
    votes   INTEGER NOT NULL DEFAULT 0,
    state   TEXT NOT NULL
) STRICT;
CREATE INDEX comments_by_thread ON comments (thread, created, seq);

-- Requests already carried out (draft-ietf-httpapi-idempotency-key-header).
CREATE TABLE idempotency (
    key     TEXT PRIMARY KEY,
    request TEXT NOT NULL, -- digest of what was sent
    comment TEXT NOT NULL REFERENCES comments (id)
) STRICT, WITHOUT ROWID;
