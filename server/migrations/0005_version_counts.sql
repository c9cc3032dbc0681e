-- A version that is added to a work that has been commented on starts with what stands under it.

CREATE TRIGGER versions_in AFTER INSERT ON versions BEGIN
    UPDATE versions SET comments = (
        SELECT COUNT(*) FROM comments
        WHERE thread = NEW.work AND state = 'published' AND (edition IS NULL OR edition = NEW.id)
    )
    WHERE seq = NEW.seq;
END;

-- Those that were added before.
UPDATE versions SET comments = (
    SELECT COUNT(*) FROM comments
    WHERE thread = versions.work AND state = 'published'
        AND (edition IS NULL OR edition = versions.id)
);
