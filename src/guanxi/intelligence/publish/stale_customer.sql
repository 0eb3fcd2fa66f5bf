-- customers with published records none of which is delivered any more
select existing.id
from existing_customer as existing
left join golden on golden.customer_id = existing.id
where (golden.customer_id is null or golden.records = 0) and existing.source_records > 0
