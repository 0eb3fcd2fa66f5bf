-- the records, those of customers deleted for ever without all that says who they were; where and since when counts on
with gone as (
  select known.source, known.source_key
  from known
  inner join purged on purged.customer_id = known.customer_id
)
select
  record.source,
  record.source_key,
  record.kind,
  case when gone.source is null then record.name end as name,
  case when gone.source is null then record.gender end as gender,
  case when gone.source is null then record.birth_on end as birth_on,
  case when gone.source is null then record.company end as company,
  case when gone.source is null then record.phone end as phone,
  case when gone.source is null then record.phone_verified end as phone_verified,
  case when gone.source is null then record.phone_2 end as phone_2,
  case when gone.source is null then record.email end as email,
  case when gone.source is null then record.email_verified end as email_verified,
  case when gone.source is null then record.certificate_type end as certificate_type,
  case when gone.source is null then record.certificate_number end as certificate_number,
  record.country,
  record.province,
  case when gone.source is null then record.city end as city,
  case when gone.source is null then record.address end as address,
  case when gone.source is null then record.owner_code end as owner_code,
  record.created_on,
  record.updated_at
from record
left join gone on gone.source = record.source and gone.source_key = record.source_key
