import { notFound, Refusal } from "../errors.ts";
import {
  array,
  choice,
  dto,
  flag,
  guid,
  instant,
  integer,
  object,
  text,
  type Bound,
  type Reader,
} from "../http/body.ts";
import type { Call } from "../http/route.ts";
import { valueScope, valueType } from "../model/assets.ts";
import { memberName, memberNumber } from "../model/enumerations.ts";
import type { AssetDefinition, AssetValue, OwnValue } from "../store/assets.ts";
import { atMost, required } from "./limits.ts";
import { tagsBody, tagsText } from "./tags.ts";
import { folderIn } from "./where.ts";

const valueFields = {
  ValueType: choice(valueType),
  StringValue: text,
  BoolValue: flag,
  IntValue: integer,
  Value: text,
  CredentialUsername: text,
  CredentialPassword: text,
  SecretValue: text,
  ExternalName: text,
  CredentialStoreId: integer,
  KeyValueList: array(object({ Key: text, Value: text })),
  Id: integer,
};
const robotFields = { ...valueFields, Name: text, RobotId: integer, RobotName: text, KeyTrail: text };
const userFields = {
  ...valueFields,
  Name: text,
  UserId: integer,
  UserName: text,
  MachineId: integer,
  MachineName: text,
};
const fields = {
  ...valueFields,
  Key: guid,
  Name: text,
  CanBeDeleted: flag,
  ValueScope: choice(valueScope),
  HasDefaultValue: flag,
  Description: text,
  RobotValues: array(dto("AssetRobotValueDto", robotFields)),
  UserValues: array(dto("AssetUserValueDto", userFields)),
  Tags: tagsBody,
  FoldersCount: integer,
  LastModificationTime: instant,
  LastModifierUserId: integer,
  CreationTime: instant,
  CreatorUserId: integer,
};

type ValueBody = Bound<typeof valueFields>;
export type AssetBody = Bound<typeof fields>;
export const assetBody: Reader<AssetBody> = dto("AssetDto", fields);

const perRobot = memberNumber(valueScope, "PerRobot");
const maxInteger = 2_147_483_647;

/** Checks an asset as sent. `isNew` asks for the secret that an asset which is there keeps. */
export function readAsset(call: Call, given: AssetBody, isNew: boolean): AssetDefinition {
  const { ValueScope: scope, ValueType: type } = given;
  if (scope === undefined) throw new Refusal("InvalidArgument", "The ValueScope field is required.");
  if (type === undefined) throw new Refusal("InvalidArgument", "The ValueType field is required.");
  const hasDefault = scope !== perRobot || (given.HasDefaultValue ?? false);
  const own = ownValues(call, given, type, scope);
  return {
    name: required("Name", given.Name, 256),
    description: atMost("Description", given.Description, 250) ?? null,
    scope,
    hasDefault,
    value: hasDefault ? readValue(given, type, isNew) : emptyValue(type),
    own,
    tags: tagsText(given.Tags),
  };
}

function ownValues(call: Call, given: AssetBody, type: number, scope: number): readonly OwnValue[] {
  const { RobotValues = [], UserValues = [] } = given;
  if (scope !== perRobot && RobotValues.length + UserValues.length > 0) {
    throw new Refusal("InvalidArgument", "Values of robots and users belong to assets with the scope PerRobot.");
  }
  const robots = RobotValues.map((value) => {
    checkRobot(call, value.RobotId);
    return { robotId: value.RobotId ?? null, userId: null, machineId: null, value: ownValue(value, type) };
  });
  const users = UserValues.map((value) => {
    check(call, "users", "User", value.UserId);
    if (value.MachineId !== undefined) check(call, "machines", "Machine", value.MachineId);
    const { UserId: userId = null, MachineId: machineId = null } = value;
    return { robotId: null, userId, machineId, value: ownValue(value, type) };
  });
  return [...robots, ...users];
}

function ownValue(given: ValueBody, type: number): AssetValue {
  if (given.ValueType !== undefined && given.ValueType !== type) {
    throw new Refusal("InvalidArgument", `A value of a ${memberName(valueType, type)} asset has the same ValueType.`);
  }
  return readValue(given, type, false);
}

/** What does not belong to the type is not taken ("Empty when the value type is not …", contract). */
function readValue(given: ValueBody, type: number, needsSecret: boolean): AssetValue {
  const empty = emptyValue(type);
  const outside = {
    external_name: atMost("ExternalName", given.ExternalName, 450) ?? null,
    store_id: given.CredentialStoreId ?? null,
  };
  switch (memberName(valueType, type)) {
    case "Bool":
      return { ...empty, flag: given.BoolValue ?? false };
    case "Integer":
      return { ...empty, number: int32("IntValue", given.IntValue ?? 0) };
    case "Credential":
    case "WindowsCredential":
      atMost("CredentialPassword", given.CredentialPassword, 25_000);
      return { ...empty, ...outside, user_name: required("CredentialUsername", given.CredentialUsername, 512) };
    case "Secret":
      if (needsSecret && (given.SecretValue ?? "") === "" && outside.external_name === null) {
        throw new Refusal("InvalidArgument", "SecretAssetEmptyValue: The SecretValue field is required.");
      }
      atMost("SecretValue", given.SecretValue, 25_000);
      return { ...empty, ...outside };
    case "KeyValueList":
      return { ...empty, pairs: JSON.stringify((given.KeyValueList ?? []).map(pair)) };
    default:
      return { ...empty, text: required("StringValue", given.StringValue, 1_000_000) };
  }
}

function emptyValue(type: number): AssetValue {
  return { type, text: "", flag: false, number: 0, user_name: "", external_name: null, store_id: null, pairs: "[]" };
}

function pair({ Key, Value }: { readonly Key?: string; readonly Value?: string }): object {
  return { Key: Key ?? null, Value: Value ?? null };
}

function int32(name: string, value: number): number {
  if (Math.abs(value) <= maxInteger) return value;
  throw new Refusal("InvalidArgument", `The field ${name} must be between ${-maxInteger} and ${maxInteger}.`);
}

/** A robot must be in the folder of the call. */
function checkRobot(call: Call, id: number | undefined): void {
  const sql = "SELECT 1 FROM robot_folders WHERE robot_id = ? AND folder_id = ?";
  if (!call.db.get(sql, id ?? null, folderIn(call).id)) throw notFound("Robot");
}

function check(call: Call, table: "users" | "machines", name: string, id: number | undefined): void {
  if (!call.db.get(`SELECT 1 FROM ${table} WHERE id = ?`, id ?? null)) throw notFound(name);
}
