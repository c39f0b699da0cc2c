import type { Event, EventFilter } from "../model/events";
import type { ControlSubject } from "./subject";

/** `GET /events?after=&action=&actor=&target=&limit=`: the log of events, oldest first. */
export const controlEvents: ControlSubject = (control, { gitlab }) => {
  control.get<{ Querystring: Record<string, string> }>("/events", ({ query }): Event[] => {
    const { after, action, actor, target, limit } = query;
    const filter: EventFilter = {
      after: after === undefined ? undefined : Number(after),
      action,
      actor,
      target,
      limit: limit === undefined ? undefined : Number(limit),
    };
    return gitlab.events.list(filter);
  });
};
