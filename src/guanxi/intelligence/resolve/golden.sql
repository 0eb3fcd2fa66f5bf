-- the best known value of every field: the first that is filled, in order of belief
select
  ranked.customer_id,
  max(case when belief = 1 then kind end) as kind,
  gx_first_by(name, belief) as name,
  gx_first_by(gender, belief) as gender,
  gx_first_by(birth_on, belief) as birth_on,
  gx_first_by(company, belief) as company,
  gx_first_by(phone, belief) as phone,
  gx_first_by(phone_2, belief) as phone_2,
  gx_first_by(email, belief) as email,
  gx_first_by(case when certificate_key is not null then certificate_type end, belief) as certificate_type,
  gx_first_by(certificate_key, belief) as certificate_number,
  gx_first_by(region_code, belief) as region_code,
  gx_first_by(city, belief) as city,
  gx_first_by(address, belief) as address,
  gx_first_by(owner_code, belief) as owner_code,
  min(first_seen_on) as first_seen_on,
  count(distinct source) as sources,
  count(*) as records
from ranked
group by ranked.customer_id
