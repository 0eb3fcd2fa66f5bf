-- every current party with its component (itself where nothing ties it) and the id its customer had before
select
  keyed.party_key,
  coalesce(connected.component, keyed.party_key) as component,
  known.customer_id as known_id
from keyed
left join connected on connected.record = keyed.party_key
left join known on known.party_key = keyed.party_key
