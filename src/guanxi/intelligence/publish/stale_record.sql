-- source records that were published before and are no longer delivered
select existing.id
from existing_record as existing
left join record on record.source = existing.source and record.source_key = existing.source_key
where record.source is null
