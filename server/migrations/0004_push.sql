-- Web Push: our key, made with the first subscription, and who wants to be told of emergencies.

CREATE TABLE push_key (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    -- PKCS #8, for ECDSA over P-256.
    pkcs8 BLOB NOT NULL
) STRICT;

CREATE TABLE push_subscriptions (
    -- Where a browser's maker takes messages for it; nothing else is known of the reader.
    endpoint TEXT PRIMARY KEY,
    -- The browser's public key and its secret: only it can read what is sent.
    p256dh   BLOB NOT NULL,
    auth     BLOB NOT NULL,
    -- The language to be told in.
    lang     TEXT NOT NULL,
    made     INTEGER NOT NULL
) STRICT;
