-- the customer each party means: by its keys, or, for what was written down here, by the customer's number
select party_key, source, source_key, customer_id from by_keys
union all
select party.party_key, party.source, party.source_key, cast(party.source_key as bigint) as customer_id
from party
inner join bought on bought.source = party.source and bought.source_key = party.source_key
where party.source = $own_source
