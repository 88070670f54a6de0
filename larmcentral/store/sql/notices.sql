-- name: insert
-- File notices of incidents or of vigils, leased to the process that wrote them; the address is the one that stands now.
-- A restore for a centre is nobody's: it is claimed like what comes back, and so behind an alarm that is under way.
WITH filed AS (
    INSERT INTO notices (organisation_id, committee_id, id, incident_id, purpose, channel, person_id, point_id, round,
        step, attempt, about, vigil_id, speaks_of, detail, receiver, state, filed_at, due_at, lease_owner, lease_until)
    SELECT organisation_id, committee_id, id, incident_id, purpose, channel, person_id, point_id, round, step, attempt,
        about, vigil_id, speaks_of, detail::jsonb, receiver, 'pending', $17, $17,
        CASE WHEN receiver IS NULL OR about <> 'over' THEN $18::uuid END,
        CASE WHEN receiver IS NULL OR about <> 'over' THEN $19::timestamptz END
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::uuid[],
        $9::int[], $10::int[], $11::int[], $12::text[], $13::uuid[], $14::timestamptz[], $15::text[], $16::text[])
        AS w (organisation_id, committee_id, id, incident_id, purpose, channel, person_id, point_id, round, step, attempt,
        about, vigil_id, speaks_of, detail, receiver)
    ON CONFLICT (organisation_id, id) DO NOTHING
    RETURNING *
)
-- The wearer need not be told where he is himself. wearers: of a silent alarm, where its words must not go.
SELECT f.id, c.address, coalesce(p.language, 'sv') AS language,
    (SELECT pl.name FROM incidents i
     JOIN places pl ON (pl.organisation_id, pl.id) = (i.organisation_id, i.place_id)
     WHERE (i.organisation_id, i.id) = (f.organisation_id, f.incident_id)
         AND (f.person_id IS NULL OR f.person_id IS DISTINCT FROM i.person_id)) AS place,
    (SELECT array_append(ARRAY(SELECT o.address FROM contact_points o
                               WHERE (o.organisation_id, o.person_id) = (i.organisation_id, i.person_id)
                                   AND o.retired_at IS NULL), w.phone)
     FROM incidents i
     JOIN persons w ON (w.organisation_id, w.id) = (i.organisation_id, i.person_id)
     WHERE (i.organisation_id, i.id) = (f.organisation_id, f.incident_id) AND i.silent) AS wearers
FROM filed f
LEFT JOIN contact_points c ON (c.organisation_id, c.id) = (f.organisation_id, f.point_id)
LEFT JOIN persons p ON (p.organisation_id, p.id) = (f.organisation_id, f.person_id)
WHERE f.lease_owner IS NOT NULL;

-- name: cases
-- What a centre is told of incidents beside the words: who, how he is called back, and where. $1, $2: organisation, id.
-- The newest position counts, as of the newest hundred signals or of the shift; without one, where the place lies.
SELECT i.id, i.account, p.name AS person, un.name AS unit, pl.name AS place, pl.floor, pl.door_code,
    coalesce(nullif(pl.address, ''), b.address) AS address,
    nullif(pl.notes, '') AS danger, -- why a place is flagged stays in the house
    CASE WHEN NOT i.silent THEN coalesce(p.phone, (
        SELECT o.address FROM contact_points o
        WHERE (o.organisation_id, o.person_id) = (i.organisation_id, i.person_id) AND o.retired_at IS NULL
            AND o.channel IN ('sms', 'voice')
        ORDER BY o.rank, o.id LIMIT 1)) END AS phone,
    CASE WHEN fix.lat IS NULL THEN pl.lat ELSE fix.lat END AS lat,
    CASE WHEN fix.lat IS NULL THEN pl.lon ELSE fix.lon END AS lon, fix.accuracy_m, fix.at AS fix_at
FROM unnest($1::uuid[], $2::uuid[]) AS w (organisation_id, id)
JOIN incidents i ON (i.organisation_id, i.id) = (w.organisation_id, w.id)
LEFT JOIN persons p ON (p.organisation_id, p.id) = (i.organisation_id, i.person_id)
LEFT JOIN places pl ON (pl.organisation_id, pl.id) = (i.organisation_id, i.place_id)
LEFT JOIN places b ON (b.organisation_id, b.id) = (pl.organisation_id, pl.building_id)
LEFT JOIN units un ON (un.organisation_id, un.id) = (i.organisation_id, coalesce(p.unit_id, pl.unit_id))
LEFT JOIN LATERAL (
    SELECT x.lat, x.lon, x.accuracy_m, x.at
    FROM (
        (SELECT g.lat, g.lon, g.accuracy_m, least(coalesce(g.fix_at, g.received_at), g.received_at) AS at
         FROM signals g
         WHERE g.incident_id = i.id AND g.organisation_id = i.organisation_id AND g.lat IS NOT NULL
             AND g.fix_valid IS NOT FALSE
         ORDER BY g.received_at DESC
         LIMIT 100)
        UNION ALL
        SELECT pr.lat, pr.lon, NULL, pr.fix_at
        FROM presences pr
        WHERE (pr.organisation_id, pr.person_id) = (i.organisation_id, i.person_id) AND pr.lat IS NOT NULL
    ) x
    ORDER BY x.at DESC NULLS LAST
    LIMIT 1
) fix ON true;

-- name: withdraw
-- Do not send what is not out yet; null persons means everybody's. What a process may have on its way to a centre just
-- now keeps its lease, so that the restore waits for it.
UPDATE notices n SET state = 'withdrawn',
    lease_owner = CASE WHEN n.receiver IS NOT NULL THEN n.lease_owner END,
    lease_until = CASE WHEN n.receiver IS NOT NULL THEN n.lease_until END
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS w (organisation_id, incident_id, person_id)
WHERE (n.organisation_id, n.incident_id) = (w.organisation_id, w.incident_id) AND n.state = 'pending'
  AND (w.person_id IS NULL OR w.person_id = n.person_id);

-- name: withdraw_of_vigils
-- A vigil that ended has no more to say.
UPDATE notices n SET state = 'withdrawn', lease_owner = NULL, lease_until = NULL
FROM unnest($1::uuid[], $2::uuid[]) AS w (organisation_id, vigil_id)
WHERE (n.organisation_id, n.vigil_id) = (w.organisation_id, w.vigil_id) AND n.state = 'pending';

-- name: claim
-- Lease what is due and in nobody's living hands; $2 is us, $5 what we know that we hold, $6 what waits for nothing.
-- A centre is told of one incident one notice after another, in the order of filing: an alarm that came in behind its
-- own restore would stand there for good.
WITH due AS (
    SELECT organisation_id, id FROM notices w
    WHERE state = 'pending' AND due_at <= $1
      AND (lease_until IS NULL OR lease_until <= $1 OR (lease_owner = $2 AND id NOT IN (SELECT unnest($5::uuid[]))))
      AND (receiver IS NULL OR NOT EXISTS (
          SELECT FROM notices o
          WHERE (o.organisation_id, o.incident_id, o.receiver) = (w.organisation_id, w.incident_id, w.receiver)
              AND (o.filed_at, o.id) < (w.filed_at, w.id)
              AND (o.lease_until > $1 OR (o.state = 'pending' AND o.due_at <= $1))))
    ORDER BY purpose = 'real' AND (channel = 'receiver' OR about = ANY ($6::text[])) DESC, due_at
    LIMIT $4 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE notices n SET lease_owner = $2, lease_until = $3
    FROM due WHERE (n.organisation_id, n.id) = (due.organisation_id, due.id)
    RETURNING n.*
)
SELECT t.*, c.address, c.retired_at, coalesce(r.language, 'sv') AS language,
       -- a restore ends what the centre was told, not what the incident became since
       coalesce(CASE WHEN t.receiver IS NOT NULL AND t.about = 'over' THEN (
           SELECT w.told ->> 'kind' FROM jsonb_array_elements(i.core -> 'forwards') AS w (told)
           WHERE w.told ->> 'receiver' = t.receiver) END, i.kind) AS kind,
       t.receiver IS NOT NULL AND EXISTS (
           SELECT FROM jsonb_array_elements(i.core -> 'forwards') AS w (told)
           WHERE w.told ->> 'receiver' = t.receiver AND (w.told ->> 'by_telephone')::boolean) AS by_telephone,
       coalesce(i.silent, false) AS silent,
       coalesce(i.opened_at, t.filed_at) AS opened_at, i.lateness_s,
       coalesce(p.name, d.label, h.name, i.account, v.account) AS label, pl.name AS place,
       CASE WHEN i.silent AND i.person_id IS NOT NULL THEN array_append(ARRAY(
           SELECT o.address FROM contact_points o
           WHERE (o.organisation_id, o.person_id) = (i.organisation_id, i.person_id) AND o.retired_at IS NULL
       ), p.phone) END AS wearers
FROM taken t
LEFT JOIN incidents i ON (i.organisation_id, i.id) = (t.organisation_id, t.incident_id)
LEFT JOIN places pl ON (pl.organisation_id, pl.id) = (i.organisation_id, i.place_id)
    AND (t.person_id IS NULL OR t.person_id IS DISTINCT FROM i.person_id)
LEFT JOIN vigils v ON (v.organisation_id, v.id) = (t.organisation_id, t.vigil_id)
LEFT JOIN contact_points c ON (c.organisation_id, c.id) = (t.organisation_id, t.point_id)
LEFT JOIN persons r ON (r.organisation_id, r.id) = (t.organisation_id, t.person_id)
LEFT JOIN persons p ON (p.organisation_id, p.id) = (t.organisation_id, coalesce(i.person_id, v.person_id))
LEFT JOIN devices d ON (d.organisation_id, d.id) = (t.organisation_id, coalesce(i.device_id, v.device_id))
LEFT JOIN LATERAL (
    SELECT coalesce(u.name, k.name) AS name FROM committees k
    LEFT JOIN units u ON (u.organisation_id, u.id) = (k.organisation_id,
        CASE WHEN v.protocol = 'house' AND v.account <> k.id::text THEN v.account::uuid END)
    WHERE (v.protocol = 'house' OR v.kind = 'handover')
        AND (k.organisation_id, k.id) = (v.organisation_id, v.committee_id)
) h ON true
ORDER BY t.purpose = 'real' AND (t.channel = 'receiver' OR t.about = ANY ($6::text[])) DESC, t.due_at;

-- name: put_off
-- What could not be read stands aside for a while, so that it is not in the way of all others.
UPDATE notices SET lease_owner = $2, lease_until = $3 WHERE id = ANY ($1::uuid[]) AND state = 'pending';

-- name: renew
-- Keep the lease of what still waits in this process, or is on its way to a centre although it was withdrawn.
UPDATE notices SET lease_until = $3
WHERE id = ANY ($2::uuid[]) AND lease_owner = $1
  AND (state = 'pending' OR (state = 'withdrawn' AND receiver IS NOT NULL));

-- name: withdrawn
-- Which of these must not go out any more.
SELECT id FROM notices WHERE id = ANY ($1::uuid[]) AND state <> 'pending';

-- name: settle
-- What became of notices. One withdrawn while it was on its way out did go out, and the record says so.
UPDATE notices n SET state = w.state, tries = w.tries, due_at = coalesce(w.due_at, n.due_at),
    sent_at = coalesce(n.sent_at, w.sent_at), delivered_at = coalesce(n.delivered_at, w.delivered_at),
    provider_id = coalesce(w.provider_id, n.provider_id), provider = coalesce(w.provider, n.provider),
    reason = w.reason, lease_owner = NULL, lease_until = NULL
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
    $8::text[], $9::text[], $10::text[])
    AS w (organisation_id, id, state, tries, due_at, sent_at, delivered_at, provider_id, reason, provider)
WHERE (n.organisation_id, n.id) = (w.organisation_id, w.id)
  AND (n.state IN ('pending', 'sent') OR (n.state = 'withdrawn' AND w.state IN ('sent', 'delivered')));

-- name: let_go
-- A centre's notice that was withdrawn while it was on its way came to nothing: its restore need not wait any more.
UPDATE notices n SET lease_owner = NULL, lease_until = NULL
FROM unnest($1::uuid[], $2::uuid[]) AS w (organisation_id, id)
WHERE (n.organisation_id, n.id) = (w.organisation_id, w.id) AND n.state = 'withdrawn';

-- name: reached
-- A contact point that took a notice works; said once in ten minutes.
UPDATE contact_points c SET last_reached_at = w.at
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS w (organisation_id, id, at)
WHERE (c.organisation_id, c.id) = (w.organisation_id, w.id)
  AND (c.last_reached_at IS NULL OR c.last_reached_at < w.at - interval '10 minutes');

-- name: failed
-- A provider was asked to tell somebody there and could not, for good.
UPDATE contact_points c SET last_failed_at = w.at, last_failed_why = w.why
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[]) AS w (organisation_id, id, at, why)
WHERE (c.organisation_id, c.id) = (w.organisation_id, w.id)
  AND (c.last_failed_at IS NULL OR c.last_failed_at < w.at);

-- name: retire
-- A contact point that no longer exists is not used again.
UPDATE contact_points c SET retired_at = w.at, retired_why = w.why
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[]) AS w (organisation_id, id, at, why)
WHERE (c.organisation_id, c.id) = (w.organisation_id, w.id) AND c.retired_at IS NULL;

-- name: by_provider
-- The notice that a provider's receipt is about.
SELECT * FROM notices WHERE provider_id = $1 AND state = 'sent' ORDER BY filed_at DESC LIMIT 1;

-- name: by_id
-- The notice that somebody answers.
SELECT * FROM notices WHERE id = $1;

-- name: last_asked
-- The alarm that somebody means who answers from this number: the newest that was texted or spoken there and goes on. Of
-- several who have the number, the one who proved it.
SELECT n.*
FROM contact_points c
JOIN notices n ON n.point_id = c.id AND n.organisation_id = c.organisation_id AND n.channel IN ('sms', 'voice')
JOIN incidents i ON (i.organisation_id, i.id) = (n.organisation_id, n.incident_id)
WHERE c.channel IN ('sms', 'voice') AND c.address = $1 AND n.about = 'alarm' AND n.sent_at >= $2 AND i.state <> 'stood_down'
ORDER BY max(n.sent_at) OVER (PARTITION BY n.incident_id) DESC, n.incident_id, c.verified_at IS NULL, n.sent_at DESC,
    n.id DESC
LIMIT 1;
