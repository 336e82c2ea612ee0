ALTER TABLE members ADD COLUMN availability TEXT NOT NULL DEFAULT 'available' CHECK (availability IN ('available', 'away'));

-- Ring groups (R40). "hours" has a line a span, like "mon 09:00-17:00", none for always open; "closed_on" a line a date (R43).
CREATE TABLE user_groups (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    -- The name in lower case, by which it is unique, and folded, by which it is sorted and found.
    name_key TEXT NOT NULL,
    folded TEXT NOT NULL,
    ring_strategy TEXT NOT NULL DEFAULT 'simultaneous' CHECK (ring_strategy IN ('simultaneous', 'round_robin', 'least_recently_used')),
    ring_secs BIGINT NOT NULL DEFAULT 30 CHECK (ring_secs BETWEEN 5 AND 600),
    time_zone TEXT NOT NULL,
    hours TEXT NOT NULL DEFAULT '',
    closed_on TEXT NOT NULL DEFAULT '',
    fallback_kind TEXT NOT NULL DEFAULT 'voicemail',
    fallback_group_id TEXT,
    fallback_number_id TEXT,
    fallback_phone TEXT,
    -- What it fell back to went away and voicemail took its place: somebody should choose again (R46).
    fallback_lost BOOLEAN NOT NULL DEFAULT FALSE,
    -- How many have ever joined: the place of the last one. It never goes back (R41).
    joins BIGINT NOT NULL DEFAULT 0 CHECK (joins >= 0),
    -- How many are in it, moved in the transaction that moves them.
    members BIGINT NOT NULL DEFAULT 0 CHECK (members >= 0),
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, id),
    UNIQUE (account_id, name_key),
    FOREIGN KEY (account_id, fallback_group_id) REFERENCES user_groups (account_id, id),
    FOREIGN KEY (account_id, fallback_number_id) REFERENCES numbers (account_id, id),
    CHECK ((fallback_kind = 'group') = (fallback_group_id IS NOT NULL)),
    CHECK ((fallback_kind = 'number') = (fallback_number_id IS NOT NULL)),
    CHECK ((fallback_kind = 'phone') = (fallback_phone IS NOT NULL)),
    CHECK (fallback_group_id <> id)
);
CREATE INDEX user_groups_by_name ON user_groups (account_id, folded, id);
CREATE INDEX user_groups_by_fallback_group ON user_groups (account_id, fallback_group_id);
CREATE INDEX user_groups_by_fallback_number ON user_groups (account_id, fallback_number_id);

CREATE TABLE group_members (
    account_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    -- The order of joining, never given twice in a group (R41).
    place BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, group_id, member_id),
    UNIQUE (account_id, group_id, place),
    FOREIGN KEY (account_id, group_id) REFERENCES user_groups (account_id, id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);
-- With the group in it SQLite sees that it is the better way to the groups of a member: the key above begins with the account too.
CREATE INDEX group_members_of_member ON group_members (account_id, member_id, group_id);

-- The place of whoever was offered a group's last call (R41), moved by routing.
CREATE TABLE ring_turns (
    account_id TEXT NOT NULL,
    group_id TEXT NOT NULL PRIMARY KEY,
    place BIGINT NOT NULL,
    FOREIGN KEY (account_id, group_id) REFERENCES user_groups (account_id, id)
);

-- Where members stand with calls (R41, R42): on one now, and when the last one ended or was offered. No row: never called.
CREATE TABLE member_calls (
    account_id TEXT NOT NULL,
    member_id TEXT NOT NULL PRIMARY KEY,
    on_call BOOLEAN NOT NULL DEFAULT FALSE,
    last_call_at BIGINT NOT NULL DEFAULT 0,
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id)
);

-- A group's voicemail greeting (R44). The file stands in the object store, under a random name.
CREATE TABLE greetings (
    account_id TEXT NOT NULL,
    group_id TEXT NOT NULL PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('wav', 'mp3')),
    -- What the file was called where it came from.
    title TEXT NOT NULL,
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    millis BIGINT NOT NULL CHECK (millis > 0),
    uploaded_by TEXT,
    uploaded_at BIGINT NOT NULL,
    FOREIGN KEY (account_id, group_id) REFERENCES user_groups (account_id, id),
    FOREIGN KEY (account_id, uploaded_by) REFERENCES members (account_id, id)
);

-- Telephone numbers (R47): one holder on the whole server, in E.164.
CREATE TABLE numbers (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    number TEXT NOT NULL UNIQUE CHECK (number LIKE '+%'),
    -- The same as people write it abroad, and the region it belongs to, both from the number.
    international TEXT NOT NULL,
    region TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    -- All that search looks into: digits and folded label.
    folded TEXT NOT NULL,
    -- The assignee (R48): a member or a group.
    member_id TEXT,
    group_id TEXT,
    incoming_kind TEXT NOT NULL DEFAULT 'assignee',
    incoming_member_id TEXT,
    incoming_group_id TEXT,
    -- Where incoming calls went is gone and voicemail took its place: somebody should choose again (R22, R46).
    incoming_lost BOOLEAN NOT NULL DEFAULT FALSE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, id),
    FOREIGN KEY (account_id, group_id) REFERENCES user_groups (account_id, id),
    FOREIGN KEY (account_id, incoming_member_id) REFERENCES members (account_id, id),
    FOREIGN KEY (account_id, incoming_group_id) REFERENCES user_groups (account_id, id),
    CHECK (member_id IS NULL OR group_id IS NULL),
    CHECK ((incoming_kind = 'member') = (incoming_member_id IS NOT NULL)),
    CHECK ((incoming_kind = 'group') = (incoming_group_id IS NOT NULL))
);
CREATE INDEX numbers_by_number ON numbers (account_id, number);
CREATE INDEX numbers_of_member ON numbers (account_id, member_id, number);
CREATE INDEX numbers_of_group ON numbers (account_id, group_id, number);
CREATE INDEX numbers_to_member ON numbers (account_id, incoming_member_id);
CREATE INDEX numbers_to_group ON numbers (account_id, incoming_group_id);
