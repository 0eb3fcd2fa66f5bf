-- current parties with everything that identifies them in comparable form
select
  party.party_key,
  party.source,
  party.source_key,
  rank.priority,
  coalesce(record.kind, 'person') as kind,
  record.name,
  name_form.form as name_key,
  record.gender,
  record.birth_on,
  record.company,
  coalesce(phone_form.form, record.phone) as phone,
  case when record.phone_verified then phone_form.form end as phone_key,
  coalesce(phone_2_form.form, record.phone_2) as phone_2,
  coalesce(email_form.form, record.email) as email,
  case when record.email_verified then email_form.form end as email_key,
  record.certificate_type,
  certificate_form.form as certificate_key,
  region_form.form as region_code,
  record.city,
  record.address,
  record.owner_code,
  record.updated_at,
  record.source is not null as has_record,
  least(
    coalesce(record.created_on, bought.first_bought_on),
    coalesce(bought.first_bought_on, record.created_on)
  ) as first_seen_on
from party
inner join source_rank as rank on rank.source = party.source
left join record on record.source = party.source and record.source_key = party.source_key
left join bought on bought.source = party.source and bought.source_key = party.source_key
left join name_form on name_form.written = record.name
left join phone_form on phone_form.written = record.phone
left join phone_form as phone_2_form on phone_2_form.written = record.phone_2
left join email_form on email_form.written = record.email
left join certificate_form
  on certificate_form.written = record.certificate_number and certificate_form.kind = record.certificate_type
left join region_form
  on region_form.country = coalesce(record.country, '') and region_form.province = coalesce(record.province, '')
where record.source is not null or bought.source is not null
