-- name: lock_open
-- Take the open incident of each subject and purpose, always in the order of ids.
SELECT i.*, coalesce(p.name, d.label, i.account) AS label, p.unit_id, coalesce(p.language, 'sv') AS language,
       d.options
FROM incidents i
LEFT JOIN persons p ON (p.organisation_id, p.id) = (i.organisation_id, i.person_id)
LEFT JOIN devices d ON (d.organisation_id, d.id) = (i.organisation_id, i.device_id)
WHERE i.state <> 'stood_down' AND (i.organisation_id, i.subject, i.purpose) IN
      (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]))
ORDER BY i.id FOR UPDATE OF i;

-- name: lock
-- Take incidents by id, in the order of ids.
SELECT i.*, coalesce(p.name, d.label, i.account) AS label, p.unit_id, coalesce(p.language, 'sv') AS language,
       d.options
FROM incidents i
LEFT JOIN persons p ON (p.organisation_id, p.id) = (i.organisation_id, i.person_id)
LEFT JOIN devices d ON (d.organisation_id, d.id) = (i.organisation_id, i.device_id)
WHERE i.id = ANY ($1::uuid[])
ORDER BY i.id FOR UPDATE OF i;

-- name: lock_due
-- Take incidents that have a deadline behind them and that nobody holds just now; $3: that one alone.
SELECT i.*, coalesce(p.name, d.label, i.account) AS label, p.unit_id, coalesce(p.language, 'sv') AS language,
       d.options
FROM incidents i
LEFT JOIN persons p ON (p.organisation_id, p.id) = (i.organisation_id, i.person_id)
LEFT JOIN devices d ON (d.organisation_id, d.id) = (i.organisation_id, i.device_id)
WHERE (i.organisation_id, i.id) IN
      (SELECT organisation_id, incident_id FROM deadlines
       WHERE due_at <= $1 AND ($3::uuid IS NULL OR incident_id = $3) ORDER BY due_at LIMIT $2)
FOR UPDATE OF i SKIP LOCKED;

-- name: lock_owned
-- Take the incidents that an operator has in hand, in the order of ids.
SELECT i.*, coalesce(p.name, d.label, i.account) AS label, p.unit_id, coalesce(p.language, 'sv') AS language,
       d.options
FROM incidents i
LEFT JOIN persons p ON (p.organisation_id, p.id) = (i.organisation_id, i.person_id)
LEFT JOIN devices d ON (d.organisation_id, d.id) = (i.organisation_id, i.device_id)
WHERE i.owner_user_id = $1 AND i.state = 'acknowledged'
ORDER BY i.id FOR UPDATE OF i;

-- name: lock_stale_tests
-- Take tests that nobody stood down and that nobody holds just now, oldest first.
SELECT i.*, coalesce(p.name, d.label, i.account) AS label, p.unit_id, coalesce(p.language, 'sv') AS language,
       d.options
FROM incidents i
LEFT JOIN persons p ON (p.organisation_id, p.id) = (i.organisation_id, i.person_id)
LEFT JOIN devices d ON (d.organisation_id, d.id) = (i.organisation_id, i.device_id)
WHERE i.state <> 'stood_down' AND i.purpose = 'test' AND i.opened_at < $1
ORDER BY i.opened_at LIMIT $2 FOR UPDATE OF i SKIP LOCKED;

-- name: still_open
-- The incidents of a shift change, oldest first; nothing is taken.
SELECT i.*, coalesce(p.name, d.label, i.account) AS label, p.unit_id, coalesce(p.language, 'sv') AS language,
       d.options
FROM incidents i
LEFT JOIN persons p ON (p.organisation_id, p.id) = (i.organisation_id, i.person_id)
LEFT JOIN devices d ON (d.organisation_id, d.id) = (i.organisation_id, i.device_id)
WHERE i.state <> 'stood_down' AND i.purpose <> 'test'
ORDER BY i.opened_at, i.id LIMIT $1;

-- name: due
-- The overdue deadlines of incidents that we hold, oldest first.
SELECT incident_id, what, person_id, due_at, fence FROM deadlines
WHERE (organisation_id, incident_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AND due_at <= $3
ORDER BY due_at;

-- name: overdue
-- Which incidents have a deadline behind them, the longest overdue first.
SELECT incident_id AS id FROM deadlines WHERE due_at <= $1 GROUP BY incident_id ORDER BY min(due_at) LIMIT $2;

-- name: put_off
-- The deadlines of an incident that nothing can be decided about come again at $3, and the house hears of it.
WITH later AS (
    UPDATE deadlines SET due_at = $3 WHERE incident_id = $1 AND due_at <= $2
    RETURNING organisation_id, committee_id
)
INSERT INTO system_alarms (organisation_id, committee_id, id, incident_id, fault, raised_at)
SELECT organisation_id, committee_id, $4, $1, 'engine_overdue', $2 FROM later LIMIT 1
ON CONFLICT DO NOTHING;

-- name: next_due
-- When the next deadline is due.
SELECT min(due_at) FROM deadlines;

-- name: open
-- File new incidents. Another process that opened the same subject first makes this fail as a whole.
-- The place is that of the person's session, of his shift, or else of the device. A session that has just ended counts
-- too: the word that ended it may be what opens the incident.
INSERT INTO incidents (organisation_id, committee_id, id, subject, person_id, device_id, protocol, account, purpose,
    kind, gravity, silent, state, opened_at, event_at, lateness_s, version, round, next_step, fence, core, chain,
    faults, owner_user_id, acknowledged_at, stood_down_at, outcome, entries, last_hash, place_id)
SELECT organisation_id, committee_id, id, subject, person_id, device_id, protocol, account, purpose,
    kind, gravity, silent, state, opened_at, event_at, lateness_s, version, round, next_step, fence, core::jsonb,
    chain::jsonb, string_to_array(faults, ','), owner_user_id, acknowledged_at, stood_down_at, outcome, entries, last_hash,
    (SELECT pl.id FROM places pl WHERE pl.organisation_id = w.organisation_id AND pl.id = coalesce(
        (SELECT CASE WHEN s.ended_at IS NULL OR s.ended_at >= w.opened_at - $30::interval
                THEN (s.core ->> 'place_id')::uuid END
         FROM vigils s
         WHERE s.person_id = w.person_id AND s.organisation_id = w.organisation_id AND s.kind = 'session'
         ORDER BY s.id DESC LIMIT 1),
        (SELECT pr.place_id FROM presences pr
         WHERE pr.organisation_id = w.organisation_id AND pr.person_id = w.person_id AND pr.since <= w.opened_at
             AND pr.until_at > w.opened_at),
        (SELECT d.place_id FROM devices d WHERE d.organisation_id = w.organisation_id AND d.id = w.device_id)))
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::smallint[], $12::bool[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::float8[],
    $17::int[], $18::int[], $19::int[], $20::int[], $21::text[], $22::text[], $23::text[], $24::uuid[],
    $25::timestamptz[], $26::timestamptz[], $27::text[], $28::int[], $29::bytea[])
    AS w (organisation_id, committee_id, id, subject, person_id, device_id, protocol, account, purpose,
    kind, gravity, silent, state, opened_at, event_at, lateness_s, version, round, next_step, fence, core, chain,
    faults, owner_user_id, acknowledged_at, stood_down_at, outcome, entries, last_hash);

-- name: update
-- File what a decision made of incidents that we hold. A null chain stays as it was.
UPDATE incidents i SET kind = w.kind, gravity = w.gravity, silent = w.silent, state = w.state, version = w.version,
    round = w.round, next_step = w.next_step, fence = w.fence, core = w.core::jsonb,
    chain = coalesce(w.chain::jsonb, i.chain),
    faults = ARRAY(SELECT DISTINCT f FROM unnest(i.faults || string_to_array(w.faults, ',')) AS f ORDER BY f),
    owner_user_id = w.owner_user_id, acknowledged_at = w.acknowledged_at, stood_down_at = w.stood_down_at,
    outcome = w.outcome, entries = w.entries, last_hash = w.last_hash, shown_at = coalesce(i.shown_at, w.shown_at),
    moved_at = coalesce(w.moved_at, i.moved_at), closing = coalesce(w.closing::jsonb, i.closing)
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::bool[], $6::text[], $7::int[], $8::int[],
    $9::int[], $10::int[], $11::text[], $12::text[], $13::text[], $14::uuid[], $15::timestamptz[], $16::timestamptz[],
    $17::text[], $18::int[], $19::bytea[], $20::timestamptz[], $21::timestamptz[], $22::text[])
    AS w (organisation_id, id, kind, gravity, silent, state, version, round, next_step, fence, core, chain, faults,
    owner_user_id, acknowledged_at, stood_down_at, outcome, entries, last_hash, shown_at, moved_at, closing)
WHERE (i.organisation_id, i.id) = (w.organisation_id, w.id);

-- name: save_responders
-- Where each person on the incident stands now.
INSERT INTO responders AS r (organisation_id, committee_id, incident_id, person_id, state, since, step)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::int[])
ON CONFLICT (organisation_id, incident_id, person_id)
    DO UPDATE SET state = excluded.state, since = excluded.since, step = excluded.step;

-- name: drop_deadlines
-- Waits that are pointless now; a null person means all of that kind.
DELETE FROM deadlines d
USING unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) AS w (organisation_id, incident_id, what, person_id)
WHERE (d.organisation_id, d.incident_id, d.what) = (w.organisation_id, w.incident_id, w.what)
  AND (w.person_id IS NULL OR w.person_id = d.person_id);

-- name: arm_deadlines
-- Waits that begin, each in place of the one of its kind and person.
INSERT INTO deadlines AS d (organisation_id, committee_id, incident_id, what, person_id, due_at, fence)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::timestamptz[], $7::int[])
ON CONFLICT (organisation_id, incident_id, what, person_id)
    DO UPDATE SET due_at = excluded.due_at, fence = excluded.fence;

-- name: append_timeline
-- Lines of the account; a line's place is taken once.
INSERT INTO timeline (organisation_id, committee_id, incident_id, seq, at, kind, actor, detail, hash)
SELECT organisation_id, committee_id, incident_id, seq, at, kind, actor::jsonb, detail::jsonb, hash
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::timestamptz[], $6::text[], $7::text[], $8::text[],
    $9::bytea[]) AS w (organisation_id, committee_id, incident_id, seq, at, kind, actor, detail, hash);

-- name: raise_faults
-- Our own side failed; the same fault stands once a committee, an incident or a vigil.
INSERT INTO system_alarms (organisation_id, committee_id, id, incident_id, fault, step, raised_at, vigil_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::timestamptz[],
    $8::uuid[])
ON CONFLICT (organisation_id, committee_id, fault, incident_id, step) WHERE cleared_at IS NULL DO NOTHING;

-- name: clear_faults_of
-- An incident or a vigil that ended takes its faults along.
UPDATE system_alarms SET cleared_at = greatest($3, raised_at)
WHERE cleared_at IS NULL AND (organisation_id, incident_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]));

-- name: clear_fault
-- A fault of the house, or of one incident or vigil, is mended; also by a clock that was set back since it was raised.
UPDATE system_alarms SET cleared_at = greatest($4, raised_at)
WHERE cleared_at IS NULL AND (organisation_id, committee_id, fault) = ($1, $2, $3)
    AND incident_id IS NOT DISTINCT FROM $5::uuid;

-- name: condition
-- What the auditor looks at. $3: how long a notice to a centre may be under way.
SELECT ARRAY(SELECT i.id FROM incidents i WHERE i.state <> 'stood_down' AND NOT EXISTS
           (SELECT FROM deadlines d WHERE (d.organisation_id, d.incident_id) = (i.organisation_id, i.id)) LIMIT 100)
           AS without_deadline,
       (SELECT count(*) FROM deadlines WHERE due_at <= $1) AS overdue,
       (SELECT min(due_at) FROM deadlines WHERE due_at <= $1) AS oldest_due,
       (SELECT count(*) FROM notices WHERE state = 'pending') AS waiting,
       (SELECT min(CASE WHEN receiver IS NULL THEN due_at ELSE due_at + $3::interval END) FROM notices
        WHERE state = 'pending' AND due_at <= $1) AS oldest_waiting,
       (SELECT count(*) FROM incidents WHERE state <> 'stood_down') AS open_incidents,
       (SELECT min(n.due_at) FROM unnest($2::text[]) AS k (kind)
        CROSS JOIN LATERAL (SELECT v.due_at FROM vigils v
            WHERE v.kind = k.kind AND v.ended_at IS NULL AND v.due_at <= $1 ORDER BY v.due_at LIMIT 1) n)
           AS oldest_vigil;
