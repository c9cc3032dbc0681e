-- Threads that are paged by the comments at their top, written to once, moderated and followed live.

-- `token` is the digest of what the author shows to be recognised; `shown` says that everybody saw it
-- once, so that a stub stays; `cause` is why the machine held it, `reason` what a moderator said.
-- `event` is the number of its last change, in a count that runs through the whole database.
ALTER TABLE comments ADD COLUMN root INTEGER;
ALTER TABLE comments ADD COLUMN below INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN shown INTEGER NOT NULL DEFAULT 1;
ALTER TABLE comments ADD COLUMN token TEXT;
ALTER TABLE comments ADD COLUMN email TEXT;
ALTER TABLE comments ADD COLUMN cause TEXT;
ALTER TABLE comments ADD COLUMN reason TEXT;
ALTER TABLE comments ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN featured INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN reviewed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE comments ADD COLUMN event INTEGER NOT NULL DEFAULT 0;
-- What the orders sort by, ascending.
ALTER TABLE comments ADD COLUMN unpinned INTEGER GENERATED ALWAYS AS (1 - pinned) VIRTUAL;
ALTER TABLE comments ADD COLUMN recent INTEGER GENERATED ALWAYS AS (-created) VIRTUAL;
ALTER TABLE comments ADD COLUMN best INTEGER GENERATED ALWAYS AS (-votes) VIRTUAL;
ALTER TABLE comments ADD COLUMN discussed INTEGER GENERATED ALWAYS AS (-below) VIRTUAL;

ALTER TABLE works ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE works ADD COLUMN rules_event INTEGER NOT NULL DEFAULT 0;
-- Days after publication until the thread closes: of the article, else of the section, else of the portal.
ALTER TABLE works ADD COLUMN close_after INTEGER;

CREATE TABLE section_threads (
    section     TEXT PRIMARY KEY,
    open        INTEGER NOT NULL,
    close_after INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (last INTEGER NOT NULL) STRICT;
INSERT INTO changes VALUES (0);

-- What was there before.
WITH RECURSIVE tree (seq, id, root) AS (
    SELECT seq, id, seq FROM comments WHERE parent IS NULL
    UNION ALL
    SELECT c.seq, c.id, t.root FROM tree t JOIN comments c ON c.parent = t.id
)
UPDATE comments SET root = (SELECT root FROM tree WHERE tree.seq = comments.seq),
                    shown = (state <> 'held');
UPDATE comments SET below =
    (SELECT COUNT(*) FROM comments c WHERE c.root = comments.seq AND c.seq <> c.root AND c.shown)
WHERE parent IS NULL;
UPDATE works SET comments =
    (SELECT COUNT(*) FROM comments WHERE thread = works.id AND state = 'published');

DROP INDEX comments_by_thread;
CREATE INDEX comments_oldest ON comments (thread, unpinned, created) WHERE parent IS NULL;
CREATE INDEX comments_newest ON comments (thread, unpinned, recent) WHERE parent IS NULL;
CREATE INDEX comments_best ON comments (thread, unpinned, best) WHERE parent IS NULL;
CREATE INDEX comments_discussed ON comments (thread, unpinned, discussed) WHERE parent IS NULL;
CREATE INDEX comments_by_root ON comments (root);
CREATE INDEX comments_by_event ON comments (thread, event);
CREATE INDEX comments_by_token ON comments (token) WHERE token IS NOT NULL;
CREATE INDEX comments_held ON comments (seq) WHERE state = 'held';
CREATE INDEX comments_by_parent ON comments (parent) WHERE parent IS NOT NULL;
CREATE INDEX works_by_change ON works (rules_event);

-- The numbers follow by themselves, whoever writes.
CREATE TRIGGER comments_in AFTER INSERT ON comments BEGIN
    UPDATE comments SET
        root = coalesce((SELECT root FROM comments WHERE id = NEW.parent), NEW.seq)
    WHERE seq = NEW.seq;
    UPDATE comments SET below = below + NEW.shown
    WHERE NEW.parent IS NOT NULL AND seq = (SELECT root FROM comments WHERE seq = NEW.seq);
    UPDATE works SET comments = comments + 1 WHERE id = NEW.thread AND NEW.state = 'published';
END;
CREATE TRIGGER comments_out AFTER DELETE ON comments BEGIN
    UPDATE comments SET below = below - OLD.shown WHERE OLD.parent IS NOT NULL AND seq = OLD.root;
    UPDATE works SET comments = comments - 1 WHERE id = OLD.thread AND OLD.state = 'published';
END;
CREATE TRIGGER comments_state AFTER UPDATE OF state ON comments
WHEN (OLD.state = 'published') <> (NEW.state = 'published') BEGIN
    UPDATE works SET comments = comments + iif(NEW.state = 'published', 1, -1)
    WHERE id = NEW.thread;
END;
CREATE TRIGGER comments_shown AFTER UPDATE OF shown ON comments
WHEN OLD.shown <> NEW.shown AND NEW.parent IS NOT NULL BEGIN
    UPDATE comments SET below = below + NEW.shown - OLD.shown WHERE seq = NEW.root;
END;

CREATE TABLE votes (
    comment INTEGER NOT NULL REFERENCES comments (seq),
    reader  TEXT NOT NULL, -- digest of the reader's token
    vote    INTEGER NOT NULL CHECK (vote IN (-1, 1)),
    at      INTEGER NOT NULL,
    PRIMARY KEY (comment, reader)
) STRICT, WITHOUT ROWID;
CREATE INDEX votes_by_reader ON votes (reader);

CREATE TABLE reports (
    seq     INTEGER PRIMARY KEY,
    comment INTEGER NOT NULL REFERENCES comments (seq),
    reader  TEXT, -- digest of the reader's token
    reason  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    at      INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    UNIQUE (comment, reader)
) STRICT;
CREATE INDEX reports_to_settle ON reports (comment) WHERE settled = 0;

-- Requests carried out (draft-ietf-httpapi-idempotency-key-header), by key and by who sent them.
DROP TABLE idempotency;
CREATE TABLE requests (
    scope  TEXT NOT NULL, -- digest of the reader's token; empty without one
    key    TEXT NOT NULL,
    digest TEXT NOT NULL, -- of what was sent
    status INTEGER NOT NULL,
    answer TEXT NOT NULL, -- JSON; empty if there was nothing to say
    at     INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE moderators (
    name     TEXT PRIMARY KEY,
    role     TEXT NOT NULL CHECK (role IN ('moderator', 'editor')),
    password TEXT NOT NULL, -- Argon2id
    created  INTEGER NOT NULL,
    active   INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token     TEXT PRIMARY KEY, -- digest of the cookie
    moderator TEXT NOT NULL REFERENCES moderators (name),
    csrf      TEXT NOT NULL,
    expires   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who did what, when and why. What is written stays.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    who     TEXT NOT NULL,
    what    TEXT NOT NULL,
    thread  TEXT,
    comment TEXT,
    why     TEXT
) STRICT;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is not changed');
END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is not shortened');
END;
