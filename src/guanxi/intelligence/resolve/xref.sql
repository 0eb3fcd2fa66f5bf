-- party -> customer; newcomers take the minted numbers in order
select
  identity.party_key,
  party.source,
  party.source_key,
  coalesce(kept.customer_id, $first_id + newcomer.position - 1) as customer_id
from identity
inner join party on party.party_key = identity.party_key
left join (select distinct component, customer_id from claim) as kept on kept.component = identity.component
left join newcomer on newcomer.component = identity.component
