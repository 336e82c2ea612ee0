// The pages behind the list's checkboxes, for the sweep.
import { get } from "../lib/pages.mjs";

const LIST = "/settings/team/members";
const DOOR = `${LIST}/selection`;
const id = (path) => path.split("/").at(-1);
const of = (act, more = "") => (world) => `${DOOR}?act=${act}&member_ids=${id(world.dana)}&member_ids=${id(world.ada)}${more}`;

/** After `prepareRoles`, which finds the people. */
export const SELECTION_PAGES = [
  ["owner", "selection-remove", get(of("remove")), DOOR],
  ["owner", "selection-deactivate", get(of("deactivate")), ""],
  ["owner", "selection-nothing", get(of("resend")), ""],
  ["owner", "selection-asks-role", get(of("role")), ""],
  ["owner", "selection-role", get(of("role", "&role=supervisor")), ""],
  ["owner", "selection-asks-group", get(of("group")), ""],
  ["owner", "selection-refused", get(`${DOOR}?act=`, 422), ""],
];
