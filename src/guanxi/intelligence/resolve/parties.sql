-- every (source, source_key) ever seen with its integer key; new ones are numbered after the old
with seen as (
  select source, source_key from record
  union
  select distinct source, source_key from purchase where source_key is not null
),
fresh as (
  select seen.source, seen.source_key
  from seen
  left join known on known.source = seen.source and known.source_key = seen.source_key
  where known.party_key is null
),
highest as (
  select coalesce(max(party_key), 0) as party_key from known
)
select party_key, source, source_key from known
union all
select
  highest.party_key + row_number() over (order by fresh.source, fresh.source_key) as party_key,
  fresh.source,
  fresh.source_key
from fresh
cross join highest
