-- the records of each customer, the one to believe first on top (N5)
select
  keyed.*,
  xref.customer_id,
  xref.given_id,
  row_number() over (
    partition by xref.customer_id
    order by keyed.has_record desc, keyed.priority, keyed.updated_at desc nulls last, keyed.source, keyed.source_key
  ) as belief
from keyed
inner join xref on xref.party_key = keyed.party_key
