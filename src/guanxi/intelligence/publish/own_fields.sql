-- the own fields that sources fill
select distinct field from own_value
