-- name: by_login
-- Whoever may try to log in under this name, with what his password is checked against.
SELECT u.organisation_id, u.id, u.name, u.role, u.person_id, u.language, u.password_hash, (
    SELECT coalesce(json_agg(json_build_array(c.id, c.name) ORDER BY c.name, c.id), '[]')
    FROM user_committees m
    JOIN committees c ON c.organisation_id = m.organisation_id AND c.id = m.committee_id
    WHERE m.organisation_id = u.organisation_id AND m.user_id = u.id) AS committees
FROM users u
WHERE u.login = $1 AND u.disabled_at IS NULL;

-- name: by_session
-- The user of a session that stands: not over, not idle since $3, or $4 for the phone app's, and he himself not disabled.
SELECT u.organisation_id, u.id, u.name, u.role, u.person_id, u.language, s.token_hash, s.used_at, (
    SELECT coalesce(json_agg(json_build_array(c.id, c.name) ORDER BY c.name, c.id), '[]')
    FROM user_committees m
    JOIN committees c ON c.organisation_id = m.organisation_id AND c.id = m.committee_id
    WHERE m.organisation_id = u.organisation_id AND m.user_id = u.id) AS committees
FROM sessions s
JOIN users u ON u.organisation_id = s.organisation_id AND u.id = s.user_id
WHERE s.token_hash = ANY ($1::bytea[]) AND s.expires_at > $2
    AND s.used_at > CASE WHEN s.phone THEN $4::timestamptz ELSE $3::timestamptz END AND u.disabled_at IS NULL;

-- name: open_session
-- Begin a session.
INSERT INTO sessions (token_hash, organisation_id, user_id, made_at, used_at, expires_at, user_agent, phone)
VALUES ($1, $2, $3, $4, $4, $5, $6, $7);

-- name: use_session
-- Note that a session is in use; it never goes back.
UPDATE sessions SET used_at = $2 WHERE token_hash = $1 AND used_at < $2;

-- name: close_session
-- End a session.
DELETE FROM sessions WHERE token_hash = $1;

-- name: trim_sessions
-- Drop what is over, and of one user all but the newest $4 sessions of the kind $5: the phone app's, or the screens'.
DELETE FROM sessions s
WHERE s.expires_at <= $3
    OR (s.organisation_id = $1 AND s.user_id = $2 AND s.phone = $5 AND s.token_hash NOT IN (
        SELECT n.token_hash FROM sessions n
        WHERE n.organisation_id = $1 AND n.user_id = $2 AND n.phone = $5 ORDER BY n.made_at DESC LIMIT $4));

-- name: close_sessions_of
-- End all sessions of one user.
DELETE FROM sessions WHERE organisation_id = $1 AND user_id = $2;

-- name: create
-- A new user. A repeat with the same id writes the same again.
INSERT INTO users (organisation_id, id, login, name, password_hash, role, person_id, language)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (organisation_id, id) DO UPDATE SET login = excluded.login, name = excluded.name,
    password_hash = excluded.password_hash, role = excluded.role, person_id = excluded.person_id,
    language = excluded.language;

-- name: drop_committees
-- Take a user out of the committees that are not listed.
DELETE FROM user_committees WHERE organisation_id = $1 AND user_id = $2 AND committee_id <> ALL ($3::uuid[]);

-- name: add_committees
-- Put a user into committees.
INSERT INTO user_committees (organisation_id, committee_id, user_id)
SELECT $1, c, $2 FROM unnest($3::uuid[]) AS c
ON CONFLICT DO NOTHING;

-- name: set_password
-- A new password.
UPDATE users SET password_hash = $3 WHERE organisation_id = $1 AND id = $2;

-- name: disable
-- A user who leaves; his name stays in the timelines.
UPDATE users SET disabled_at = coalesce(disabled_at, $3) WHERE organisation_id = $1 AND id = $2;

-- name: find
-- One user by his login, disabled or not.
SELECT u.organisation_id, u.id FROM users u WHERE u.login = $1;

-- name: list
-- All users of an organisation by login.
SELECT u.id, u.login, u.name, u.role, u.person_id, u.language, u.disabled_at, ARRAY (
    SELECT m.committee_id FROM user_committees m
    WHERE m.organisation_id = u.organisation_id AND m.user_id = u.id ORDER BY m.committee_id) AS committees
FROM users u
WHERE u.organisation_id = $1
ORDER BY u.login;
