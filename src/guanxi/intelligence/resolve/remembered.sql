-- every party ever seen with the id of its customer; one not delivered now keeps the id it had, or that id's heir
select
  party.party_key,
  party.source,
  party.source_key,
  coalesce(xref.customer_id, retired.main_id, known.customer_id) as customer_id
from party
left join xref on xref.party_key = party.party_key
left join known on known.party_key = party.party_key
left join retired on retired.customer_id = known.customer_id
