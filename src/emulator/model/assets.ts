import type { Entity, Enumeration, Property, PropertyType } from "../odata/model.ts";

// Properties are those of the contract (API 20.0); passwords and secrets have no column here, so none is ever answered.

export const valueScope: Enumeration = { name: "AssetValueScope", members: ["Global", "PerRobot"] };
export const valueType: Enumeration = {
  name: "AssetValueType",
  members: [
    "DBConnectionString",
    "HttpConnectionString",
    "Text",
    "Bool",
    "Integer",
    "Credential",
    "WindowsCredential",
    "KeyValueList",
    "Secret",
  ],
};

const of =
  (type: PropertyType) =>
  (column: string): Property => ({ type, column });
const text = of("string");
const integer = of("integer");
const flag = of("boolean");

/** What an asset holds, for all or for one robot or user. */
const value = {
  ValueType: { type: valueType, column: "type" },
  StringValue: text("text"),
  BoolValue: flag("flag"),
  IntValue: integer("number"),
  Value: text("value"),
  CredentialUsername: text("user_name"),
  CredentialPassword: text("blank"),
  SecretValue: text("blank"),
  ExternalName: text("external_name"),
  CredentialStoreId: integer("store_id"),
  KeyValueList: of("json")("pairs"),
} satisfies Entity["properties"];

const robotValue: Entity = {
  name: "AssetRobotValueDto",
  from: "(SELECT * FROM asset_value_rows WHERE robot_id IS NOT NULL)",
  properties: {
    RobotId: integer("robot_id"),
    RobotName: text("robot_name"),
    KeyTrail: text("absent"),
    ...value,
    Id: integer("id"),
  },
  navigations: {},
};

const userValue: Entity = {
  name: "AssetUserValueDto",
  from: "(SELECT * FROM asset_value_rows WHERE user_id IS NOT NULL)",
  properties: {
    UserId: integer("user_id"),
    UserName: text("account"),
    MachineId: integer("machine_id"),
    MachineName: text("machine_name"),
    ...value,
    Id: integer("id"),
  },
  navigations: {},
};

export const asset: Entity = {
  name: "AssetDto",
  from: "asset_rows",
  properties: {
    Key: of("guid")("key"),
    Name: { type: "string", column: "name", folded: "name_folded" },
    CanBeDeleted: flag("one"),
    ValueScope: { type: valueScope, column: "scope" },
    ...value,
    HasDefaultValue: flag("has_default"),
    Description: text("description"),
    FoldersCount: integer("folders_count"),
    Tags: of("json")("tags"),
    LastModificationTime: of("instant")("modified"),
    LastModifierUserId: integer("modifier_id"),
    CreationTime: of("instant")("created"),
    CreatorUserId: integer("creator_id"),
    Id: integer("id"),
  },
  navigations: {},
  collections: {
    RobotValues: { entity: robotValue, column: "asset_id" },
    UserValues: { entity: userValue, column: "asset_id" },
  },
};

const { Value: _, ...withoutText } = value;

/** An asset as a robot gets it; its value for the robot, where it has one, is laid over it. */
export const robotAsset: Entity = {
  name: "RobotAssetDto",
  from: "asset_rows",
  properties: { Name: text("name"), ...withoutText, Id: integer("id") },
  navigations: {},
};

/** As {@link robotAsset}, where the robot has a value of its own. */
export const ownAsset: Entity = {
  ...robotAsset,
  from: "(SELECT v.*, a.name FROM asset_value_rows v JOIN assets a ON a.id = v.asset_id)",
};
