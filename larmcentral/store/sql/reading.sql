-- name: feed_cursor
-- The last line below the horizon that this reader may see; taken before anything else is read. See feed.place.
SELECT coalesce((SELECT t.xact::text || ':' || t.feed FROM timeline t
    WHERE t.xact < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY t.xact DESC, t.feed DESC LIMIT 1), '0:0');

-- name: open_ids
-- Open and acknowledged incidents within a scope, gravest and oldest first.
SELECT i.id
FROM incidents i
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.state <> 'stood_down'
    AND ($3 OR i.purpose <> 'test')
    AND ($4::uuid IS NULL OR EXISTS (
        SELECT FROM responders r
        WHERE r.organisation_id = i.organisation_id AND r.incident_id = i.id AND r.person_id = $4))
    AND ($5::uuid IS NULL OR (i.person_id = $5 AND NOT i.silent AND i.subject NOT LIKE 'covert/%'))
ORDER BY i.gravity, i.opened_at, i.id
LIMIT $6;

-- name: page_ids
-- Incidents within a scope, newest first, from behind a given one on. $8: only those stood down. Each committee's newest
-- are taken by themselves, in the order of its index: all of them together were read and sorted, years of them.
SELECT n.id
FROM unnest($2::uuid[]) AS c (id)
CROSS JOIN LATERAL (
    SELECT i.opened_at, i.id
    FROM incidents i
    WHERE i.organisation_id = $1 AND i.committee_id = c.id
        AND ($3 OR i.purpose <> 'test')
        AND ($4::uuid IS NULL OR EXISTS (
            SELECT FROM responders r
            WHERE r.organisation_id = i.organisation_id AND r.incident_id = i.id AND r.person_id = $4))
        AND ($5::uuid IS NULL OR (i.person_id = $5 AND NOT i.silent AND i.subject NOT LIKE 'covert/%'))
        AND ($7::uuid IS NULL OR (i.opened_at, i.id) < (
            SELECT b.opened_at, b.id FROM incidents b WHERE b.organisation_id = $1 AND b.id = $7))
        AND (NOT $8 OR i.state = 'stood_down')
    ORDER BY i.opened_at DESC, i.id DESC
    LIMIT $6
) n
ORDER BY n.opened_at DESC, n.id DESC
LIMIT $6;

-- name: rows
-- The given incidents as far as they lie within a scope, each whole enough to draw. With which other one an incident
-- was merged is told to those alone who see all: that one may be silent.
SELECT i.id, i.committee_id, i.version, i.state, i.purpose, i.kind, i.gravity, i.silent, i.opened_at, i.event_at,
    i.lateness_s, i.protocol, i.account, i.acknowledged_at, i.shown_at, i.stood_down_at, i.outcome, i.round,
    i.faults, i.next_step, jsonb_array_length(i.chain -> 'steps') AS steps,
    CASE WHEN $4::uuid IS NULL AND $5::uuid IS NULL THEN (i.core ->> 'merged_into')::uuid END AS merged_into, coalesce((i.core ->> 'held_s')::float8, 0) AS held_s,
    p.id AS person_id, p.name AS person_name, p.phone, p.employer, u.name AS unit, team.names AS team,
    d.id AS device_id, d.label, d.model, s.battery_pct, s.last_seen_at,
    f.lat, f.lon, f.accuracy_m, f.fix_at, f.fix_valid, f.received_at,
    o.id AS owner_id, o.name AS owner_name,
    (SELECT pl.name FROM places pl WHERE pl.organisation_id = i.organisation_id AND pl.id = i.place_id) AS place,
    w.what, w.due_at, targets.names AS targets, told.responders
FROM incidents i
LEFT JOIN persons p ON p.organisation_id = i.organisation_id AND p.id = i.person_id
LEFT JOIN units u ON u.organisation_id = p.organisation_id AND u.id = p.unit_id
LEFT JOIN LATERAL (
    SELECT string_agg(t.name, ', ' ORDER BY t.name) AS names
    FROM team_members m
    JOIN teams t ON t.organisation_id = m.organisation_id AND t.id = m.team_id
    WHERE m.organisation_id = i.organisation_id AND m.person_id = i.person_id
) team ON true
LEFT JOIN devices d ON d.organisation_id = i.organisation_id AND d.id = i.device_id
LEFT JOIN device_states s ON s.organisation_id = i.organisation_id AND s.device_id = i.device_id
LEFT JOIN LATERAL (
    SELECT g.lat, g.lon, g.accuracy_m, g.fix_at, g.fix_valid, g.received_at
    FROM signals g
    WHERE g.organisation_id = i.organisation_id AND g.incident_id = i.id AND g.lat IS NOT NULL
    ORDER BY g.received_at DESC
    LIMIT 1
) f ON true
LEFT JOIN users o ON o.organisation_id = i.organisation_id AND o.id = i.owner_user_id
LEFT JOIN LATERAL (
    -- A step in turn, or one that is begun again, waits under the same deadline as the next step does.
    SELECT l.due_at, CASE WHEN l.what = 'lapse' THEN 'lapse'
        WHEN jsonb_array_length(i.core -> 'queue') > 0 THEN 'next_turn'
        WHEN (i.core ->> 'repeats_left')::integer > 0 THEN 'repeat'
        ELSE 'next_step' END AS what
    FROM deadlines l
    WHERE l.organisation_id = i.organisation_id AND l.incident_id = i.id AND l.what IN ('next_step', 'lapse')
    ORDER BY l.due_at
    LIMIT 1
) w ON true
LEFT JOIN LATERAL (
    -- Looked up one by one: joined, they made the planner read all persons for the two or three that are meant.
    SELECT array_remove(array_agg(named.name ORDER BY e.place), NULL) AS names
    FROM jsonb_array_elements(CASE
        WHEN w.what = 'next_turn' THEN jsonb_build_array(jsonb_build_object('person', i.core -> 'queue' -> 0))
        WHEN w.what = 'repeat' THEN i.chain -> 'steps' -> i.next_step - 1 -> 'targets'
        WHEN i.next_step < jsonb_array_length(i.chain -> 'steps') THEN i.chain -> 'steps' -> i.next_step -> 'targets'
        ELSE i.chain -> 'steps' -> 0 -> 'targets' END) WITH ORDINALITY e (target, place)
    CROSS JOIN LATERAL (SELECT coalesce(
        (SELECT tp.name FROM persons tp
         WHERE tp.organisation_id = i.organisation_id AND tp.id = (e.target ->> 'person')::uuid),
        (SELECT tt.name FROM teams tt
         WHERE tt.organisation_id = i.organisation_id AND tt.id = (e.target ->> 'team')::uuid),
        (SELECT tr.name FROM rotas tr
         WHERE tr.organisation_id = i.organisation_id AND tr.id = (e.target ->> 'oncall')::uuid),
        CASE WHEN e.target ? 'nearest' THEN
            format('nearest:%s/%s', e.target -> 'nearest' ->> 'count', e.target -> 'nearest' ->> 'within_m')
        WHEN e.target ? 'building' THEN 'building'
        WHEN e.target ? 'manager' THEN 'manager'
        WHEN e.target ? 'receiver' THEN 'receiver:' || (e.target ->> 'receiver')
        WHEN e.target ? 'desk' THEN 'desk' END) AS name) named
    WHERE w.what IS NOT NULL
) targets ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object(
        'person_id', r.person_id, 'name', coalesce(rp.name, ''), 'state', r.state, 'since', r.since, 'step', r.step)
        ORDER BY r.step, rp.name, r.person_id) AS responders
    FROM responders r
    LEFT JOIN persons rp ON rp.organisation_id = r.organisation_id AND rp.id = r.person_id
    WHERE r.organisation_id = i.organisation_id AND r.incident_id = i.id
) told ON true
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[])
    AND ($3 OR i.purpose <> 'test')
    AND ($4::uuid IS NULL OR EXISTS (
        SELECT FROM responders r
        WHERE r.organisation_id = i.organisation_id AND r.incident_id = i.id AND r.person_id = $4))
    AND ($5::uuid IS NULL OR (i.person_id = $5 AND NOT i.silent AND i.subject NOT LIKE 'covert/%'))
    AND i.id = ANY ($6::uuid[]);

-- name: seen
-- Of pairs of an incident and a person, by their places, those where the person may see it: as one who was told, or,
-- where $4 says so, as the one it is about, who sees no silent one.
SELECT w.place
FROM unnest($2::uuid[], $3::uuid[], $4::boolean[]) WITH ORDINALITY AS w (incident_id, person_id, own, place)
JOIN incidents i ON i.organisation_id = $1 AND i.id = w.incident_id
WHERE CASE WHEN w.own THEN i.person_id = w.person_id AND NOT i.silent AND i.subject NOT LIKE 'covert/%'
    ELSE EXISTS (
        SELECT FROM responders r
        WHERE r.organisation_id = i.organisation_id AND r.incident_id = i.id AND r.person_id = w.person_id) END;

-- name: place
-- Where an incident opened, with the flag that stands there.
SELECT pl.id, pl.name, pl.address, pl.floor, pl.door_code, pl.notes, pl.lat, pl.lon, coalesce(f.risk, 0) AS risk,
    f.ground, sp.media_type AS plan_type, sp.south, sp.west, sp.north, sp.east
FROM incidents i
JOIN places pl ON pl.organisation_id = i.organisation_id AND pl.id = i.place_id
LEFT JOIN place_flags f ON f.place_id = pl.id AND f.organisation_id = pl.organisation_id AND f.lifted_at IS NULL
LEFT JOIN place_plans sp ON sp.organisation_id = pl.organisation_id AND sp.place_id = pl.id
WHERE i.organisation_id = $1 AND i.id = $2;

-- name: closing
-- What an incident was stood down with.
SELECT i.closing FROM incidents i WHERE i.organisation_id = $1 AND i.id = $2;

-- name: timeline
-- The newest lines of one incident, newest first, with the names of those who acted.
SELECT t.seq, t.at, t.kind, t.actor ->> 'kind' AS by_kind, coalesce(
        (SELECT u.name FROM users u WHERE u.organisation_id = t.organisation_id AND u.id = (t.actor ->> 'user_id')::uuid),
        (SELECT p.name FROM persons p
         WHERE p.organisation_id = t.organisation_id AND p.id = (t.actor ->> 'person_id')::uuid)) AS by_name,
    t.detail, encode(t.hash, 'hex') AS hash
FROM timeline t
WHERE t.organisation_id = $1 AND t.incident_id = $2
ORDER BY t.seq DESC
LIMIT $3;

-- name: lines
-- Given lines of several incidents: $2 and $3 are pairs of incident and seq. Names are looked up one by one: joined,
-- they made the planner read all persons.
SELECT t.incident_id, t.seq, t.at, t.kind, t.actor ->> 'kind' AS by_kind, coalesce(
        (SELECT u.name FROM users u WHERE u.organisation_id = t.organisation_id AND u.id = (t.actor ->> 'user_id')::uuid),
        (SELECT p.name FROM persons p
         WHERE p.organisation_id = t.organisation_id AND p.id = (t.actor ->> 'person_id')::uuid)) AS by_name,
    t.detail, encode(t.hash, 'hex') AS hash
FROM unnest($2::uuid[], $3::integer[]) AS w (incident_id, seq)
JOIN timeline t ON t.organisation_id = $1 AND t.incident_id = w.incident_id AND t.seq = w.seq
ORDER BY t.incident_id, t.seq;

-- name: signals
-- The newest signals of one incident, newest first.
SELECT g.id, g.kind, g.code, g.text, g.event_at, g.sent_at, g.received_at, g.buffered, g.attempts, g.doubts
FROM signals g
WHERE g.organisation_id = $1 AND g.incident_id = $2
ORDER BY g.received_at DESC, g.id DESC
LIMIT $3;

-- name: trail
-- The newest positions of one incident, newest first.
SELECT g.lat, g.lon, g.accuracy_m, g.fix_at, g.fix_valid, g.received_at
FROM signals g
WHERE g.organisation_id = $1 AND g.incident_id = $2 AND g.lat IS NOT NULL
ORDER BY g.received_at DESC, g.id DESC
LIMIT $3;

-- name: notices
-- The newest notices of one incident, newest first; those that wait for a time after $4 say until when, and for what.
SELECT n.id, p.name AS person, n.channel, n.receiver, n.provider, n.state, n.step, n.round, n.attempt, n.filed_at,
    n.sent_at, n.delivered_at, n.reason, CASE WHEN w.waits THEN n.due_at END AS due_at,
    CASE WHEN w.waits THEN n.reason END AS waits_for
FROM notices n
CROSS JOIN LATERAL (SELECT n.state = 'pending' AND n.due_at > $4 AS waits) w
LEFT JOIN persons p ON p.organisation_id = n.organisation_id AND p.id = n.person_id
WHERE n.organisation_id = $1 AND n.incident_id = $2
ORDER BY n.filed_at DESC, n.id DESC
LIMIT $3;

-- name: system_alarms
-- The system alarms of some committees that nobody has cleared, oldest first.
SELECT a.id, a.fault, CASE WHEN a.vigil_id IS NULL THEN a.incident_id END AS incident_id, a.step, a.raised_at
FROM system_alarms a
WHERE a.organisation_id = $1 AND a.committee_id = ANY ($2::uuid[]) AND a.cleared_at IS NULL
ORDER BY a.raised_at, a.id
LIMIT $3;
