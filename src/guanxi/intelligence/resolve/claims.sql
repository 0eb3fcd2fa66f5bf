-- a known id stays with the component of its smallest party; a component with several keeps the smallest
with heir as (
  select known_id, min(party_key) as party_key
  from identity
  where known_id is not null
  group by known_id
),
owned as (
  select identity.component, heir.known_id
  from heir
  inner join identity on identity.party_key = heir.party_key
)
select component, known_id, min(known_id) over (partition by component) as customer_id
from owned
