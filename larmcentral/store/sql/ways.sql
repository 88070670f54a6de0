-- name: report
-- How one process finds its ways out.
INSERT INTO way_states AS s (process, reported_at, provider, channel, receiver, state, since, reason, last_good_at,
    last_bad_at, answered_at, waiting)
SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[],
    $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::int[])
ON CONFLICT (provider, process) DO UPDATE SET reported_at = excluded.reported_at, channel = excluded.channel,
    receiver = excluded.receiver, state = excluded.state, since = excluded.since, reason = excluded.reason,
    last_good_at = excluded.last_good_at, last_bad_at = excluded.last_bad_at, answered_at = excluded.answered_at,
    waiting = excluded.waiting;

-- name: others
-- What all processes but one said since $2, the oldest word that counts.
SELECT process, provider, channel, receiver, state, since, reason, last_good_at, last_bad_at, answered_at, waiting,
    reported_at
FROM way_states WHERE process <> $1 AND reported_at >= $2
ORDER BY provider, process;

-- name: sweep
-- Processes that have said nothing since $1 are gone.
DELETE FROM way_states WHERE reported_at < $1;

-- name: leave
-- A process ends.
DELETE FROM way_states WHERE process = $1;

-- name: add_minutes
-- Figures are added to those of the same provider and minute, bucket by bucket. buckets come as text: '{1,2,3}'.
INSERT INTO way_minutes AS m (provider, minute, channel, sent, delivered, retried, refused, gone, total_ms, worst_ms,
    buckets)
SELECT provider, minute, channel, sent, delivered, retried, refused, gone, total_ms, worst_ms, buckets::int[]
FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[],
    $9::double precision[], $10::double precision[], $11::text[])
    AS w (provider, minute, channel, sent, delivered, retried, refused, gone, total_ms, worst_ms, buckets)
ORDER BY provider, minute
ON CONFLICT (provider, minute) DO UPDATE SET sent = m.sent + excluded.sent,
    delivered = m.delivered + excluded.delivered, retried = m.retried + excluded.retried,
    refused = m.refused + excluded.refused, gone = m.gone + excluded.gone,
    total_ms = m.total_ms + excluded.total_ms, worst_ms = greatest(m.worst_ms, excluded.worst_ms),
    buckets = ARRAY(SELECT coalesce(a, 0) + coalesce(b, 0)
        FROM unnest(m.buckets, excluded.buckets) WITH ORDINALITY AS both_of (a, b, place) ORDER BY place);

-- name: said
-- What every process said since $1.
SELECT process, provider, channel, receiver, state, since, reason, last_good_at, last_bad_at, answered_at, waiting,
    reported_at
FROM way_states WHERE reported_at >= $1
ORDER BY provider, process;

-- name: minutes
-- Figures since $1.
SELECT m.provider, m.minute, m.channel, m.sent, m.delivered, m.retried, m.refused, m.gone, m.total_ms, m.worst_ms,
    m.buckets
FROM way_minutes m WHERE m.minute >= $1
ORDER BY m.minute, m.provider;

-- name: waiting
-- Notices that are not out yet, within what may be seen.
SELECT channel, receiver, provider, count(*) AS count, min(filed_at) AS oldest_at, min(due_at) AS first_due_at,
    max(due_at) AS last_due_at
FROM notices WHERE organisation_id = $1 AND state = 'pending'
GROUP BY channel, receiver, provider
ORDER BY channel, receiver, provider;
