-- the snapshot's parties of the records that are part of some customers today
select xref.party_key, record.customer_id
from customer_xref_by_party as xref
inner join record on record.source = xref.source and record.source_key = xref.source_key
