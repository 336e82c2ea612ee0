DROP TABLE bulk_invite_rows;
DROP TABLE bulk_invites;
DROP INDEX members_former_email;
