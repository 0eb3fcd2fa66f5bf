-- components without an id, in the order of their smallest (source, source_key)
select
  component,
  row_number() over (order by source, source_key) as position
from (
  select
    identity.component,
    party.source,
    party.source_key,
    row_number() over (partition by identity.component order by party.source, party.source_key) as place
  from identity
  inner join party on party.party_key = identity.party_key
  left join claim on claim.component = identity.component
  where claim.component is null
) as placed
where place = 1
