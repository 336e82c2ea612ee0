DROP TABLE numbers;
DROP TABLE greetings;
DROP TABLE member_calls;
DROP TABLE ring_turns;
DROP TABLE group_members;
DROP TABLE user_groups;
ALTER TABLE members DROP COLUMN availability;
