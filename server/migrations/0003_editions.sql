-- Threads of versions: where each language of an article has its own.

-- The version a comment was written under; NULL is the whole work, whose comments stand under every version.
ALTER TABLE comments ADD COLUMN edition TEXT REFERENCES versions (id);
CREATE INDEX comments_by_edition ON comments (edition) WHERE edition IS NOT NULL;

-- Published ones, of the version and of the whole work.
ALTER TABLE versions ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;
UPDATE versions SET comments = (SELECT comments FROM works WHERE id = versions.work);

CREATE TRIGGER editions_in AFTER INSERT ON comments WHEN NEW.state = 'published' BEGIN
    UPDATE versions SET comments = comments + 1
    WHERE work = NEW.thread AND (NEW.edition IS NULL OR id = NEW.edition);
END;
CREATE TRIGGER editions_out AFTER DELETE ON comments WHEN OLD.state = 'published' BEGIN
    UPDATE versions SET comments = comments - 1
    WHERE work = OLD.thread AND (OLD.edition IS NULL OR id = OLD.edition);
END;
CREATE TRIGGER editions_state AFTER UPDATE OF state ON comments
WHEN (OLD.state = 'published') <> (NEW.state = 'published') BEGIN
    UPDATE versions SET comments = comments + iif(NEW.state = 'published', 1, -1)
    WHERE work = NEW.thread AND (NEW.edition IS NULL OR id = NEW.edition);
END;
