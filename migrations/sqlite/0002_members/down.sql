DROP TABLE invitations;
DROP TABLE member_search;
DROP TABLE members;
