-- parties in one bucket are one customer: same certificate, or same verified contact and same name,
-- unless the bucket holds two certificates of one type; and what was one customer when it was deleted for ever
with certificate as (
  select party_key, 'c|' || kind || '|' || certificate_type || '|' || certificate_key as bucket
  from keyed
  where certificate_key is not null and certificate_type is not null
),
contact as (
  select party_key, 'p|' || kind || '|' || phone_key || '|' || name_key as bucket
  from keyed
  where phone_key is not null and name_key is not null and name_key <> ''
  union all
  select party_key, 'e|' || kind || '|' || email_key || '|' || name_key as bucket
  from keyed
  where email_key is not null and name_key is not null and name_key <> ''
),
certified as (
  select contact.bucket, keyed.certificate_type, count(distinct keyed.certificate_key) as certificates
  from contact
  inner join keyed on keyed.party_key = contact.party_key
  where keyed.certificate_key is not null
  group by contact.bucket, keyed.certificate_type
),
ambiguous as (
  select distinct bucket from certified where certificates > 1
)
select party_key as record, bucket, true as is_certificate from certificate
union all
select contact.party_key as record, contact.bucket, false as is_certificate
from contact
left join ambiguous on ambiguous.bucket = contact.bucket
where ambiguous.bucket is null
union all
select keyed.party_key as record, 'x|' || cast(known.customer_id as varchar) as bucket, true as is_certificate
from keyed
inner join known on known.party_key = keyed.party_key
inner join purged on purged.customer_id = known.customer_id
