DROP TABLE throttles;
DROP TABLE mailed_links;
DROP TABLE sessions;
