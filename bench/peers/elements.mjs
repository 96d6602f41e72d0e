// bpmn-elements on the models of the bench: every completion of a task stores the state of its instance in
// SQLite, fsynced; a group shares one transaction. Prints instances a second.
import { DatabaseSync } from "node:sqlite";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as elements from "bpmn-elements";
import BpmnModdle from "bpmn-moddle";
import { default as serialize, TypeResolver } from "moddle-context-serializer";

const [file, folder, countText, groupText] = process.argv.slice(2);
const count = Number(countText);
const group = Number(groupText);

const database = new DatabaseSync(join(folder, "elements.sqlite3"));
database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
database.exec("CREATE TABLE instance (number INTEGER PRIMARY KEY, state TEXT)");
const keep = database.prepare("INSERT OR REPLACE INTO instance VALUES (?, ?)");

const moddle = new BpmnModdle();
const parsed = await moddle.fromXML(readFileSync(file, "utf8"));
const types = TypeResolver(elements);
const model = serialize(parsed, types);

class Instance {
  constructor(number) {
    this.number = number;
    this.waiting = [];
    const waiting = this.waiting;
    // a task is done by whoever is outside, as by a worker: its callback waits here
    const settings = { enableDummyService: false };
    const environment = new elements.Environment({
      settings,
      Logger: () => ({ debug() {}, warn() {}, error() {} }),
      extensions: {
        outside(activity) {
          if (activity.type !== "bpmn:ServiceTask") return undefined;
          activity.behaviour.Service = function Outside() {
            return { execute: (_, done) => waiting.push(done) };
          };
          return undefined;
        },
      },
      variables: { dossierCode: "H01.26.000001", amount: 4 },
    });
    const context = new elements.Context(model, environment);
    this.definition = new elements.Definition(context);
    this.definition.run();
  }

  get over() {
    return this.waiting.length === 0;
  }

  completeOne() {
    this.waiting.shift()(null, [true]);
  }

  store() {
    keep.run(this.number, JSON.stringify(this.definition.getState()));
  }
}

function committed(work) {
  database.exec("BEGIN IMMEDIATE");
  work();
  database.exec("COMMIT");
}

let completed = 0;

function lives(first, size) {
  let instances = [];
  committed(() => {
    for (let number = first; number < first + size; number += 1) {
      const made = new Instance(number);
      made.store();
      instances.push(made);
    }
  });
  while (instances.length) {
    committed(() => {
      for (const each of instances) {
        each.completeOne();
        each.store();
      }
    });
    completed += instances.reduce((sum, each) => sum + each.definition.counters.completed, 0);
    instances = instances.filter((each) => !each.over);
  }
}

lives(-group, group);
const started = process.hrtime.bigint();
for (let done = 0; done < count; done += group) lives(done, group);
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
console.log(JSON.stringify({ speed: count / seconds, completed }));
