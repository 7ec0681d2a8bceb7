import { apiVersion, type Edition } from "../editions.ts";
import type { Entity, Property } from "../odata/model.ts";
import { lives } from "./lifetimes.ts";

const known = new WeakMap<Edition, Map<Entity, Entity>>();

/** An entity as an edition has it: without the members that its version lacks, in what it expands as well. */
export function asOf(entity: Entity, edition: Edition): Entity {
  const made = known.get(edition) ?? new Map<Entity, Entity>();
  known.set(edition, made);
  const found = made.get(entity) ?? cut(entity, edition);
  made.set(entity, found);
  return found;
}

function cut(entity: Entity, edition: Edition): Entity {
  const isThere = ([name]: readonly [string, unknown]): boolean => lives(entity.name, name, apiVersion(edition));
  const versioned = (navigations: Entity["navigations"]): Entity["navigations"] =>
    Object.fromEntries(
      Object.entries(navigations)
        .filter(isThere)
        .map(([name, { entity: target, ...rest }]) => [name, { ...rest, entity: asOf(target, edition) }]),
    );
  return {
    ...entity,
    properties: Object.fromEntries(Object.entries(entity.properties).filter(isThere)),
    navigations: versioned(entity.navigations),
    ...(entity.collections === undefined ? {} : { collections: versioned(entity.collections) }),
  };
}

const listed = new WeakMap<Entity, Entity>();
const data: ReadonlySet<string> = new Set(["InputArguments", "InputFile", "OutputArguments", "OutputFile"]);

/**
 * An entity as lists of an edition give it: newer ones keep what jobs were given and gave for reads by key, and cut the
 * large fields of queue items, which were stored before there were limits (release notes, June 2024).
 */
export function inList(entity: Entity, edition: Edition): Entity {
  const whole = asOf(entity, edition);
  if (!(whole.name in changes) || !edition.hidesArguments) return whole;
  const found = listed.get(whole) ?? { ...whole, properties: changes[whole.name]?.(whole.properties, edition) ?? {} };
  listed.set(whole, found);
  return found;
}

type Change = (properties: Entity["properties"], edition: Edition) => Entity["properties"];
const changes: Readonly<Record<string, Change>> = { JobDto: withoutData, QueueItemDto: shortened };

function shortened(properties: Entity["properties"], edition: Edition): Entity["properties"] {
  const wrapper = '{"DynamicProperties":}'.length;
  const limits: Readonly<Record<string, number>> = {
    SpecificContent: edition.maxContentLength,
    SpecificData: edition.maxContentLength + wrapper,
    Output: edition.maxOutputLength,
    OutputData: edition.maxOutputLength + wrapper,
    Analytics: edition.maxAnalyticsLength,
    AnalyticsData: edition.maxAnalyticsLength + wrapper,
    Progress: edition.maxProgressLength,
  };
  const limited = Object.entries(properties).map(([name, property]): [string, Property] => {
    const maxLength = limits[name];
    return [name, maxLength === undefined ? property : { ...property, maxLength }];
  });
  return Object.fromEntries(limited);
}

function withoutData(properties: Entity["properties"]): Entity["properties"] {
  const entries = Object.entries(properties);
  return Object.fromEntries(
    entries.map(([name, property]) => [name, data.has(name) ? { ...property, column: "absent" } : property]),
  );
}
