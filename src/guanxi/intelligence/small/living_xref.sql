-- which customer each record is today: those merged since the snapshot are their survivors
select xref.party_key, coalesce(merged.main_id, xref.customer_id) as customer_id
from xref
left join merged on merged.customer_id = xref.customer_id
