import { Context } from '../directives/contexts.ts';

/** The context between the braces of a directive. */
export function inside(name: string, context: number): number {
  switch (name) {
    case 'events':
      return Context.events;
    case 'http':
      return Context.http;
    case 'stream':
      return Context.stream;
    case 'mail':
      return Context.mail;
    case 'server':
      if (context === Context.stream) return Context.streamServer;
      return context === Context.mail ? Context.mailServer : Context.server;
    case 'upstream':
      return context === Context.stream ? Context.streamUpstream : Context.upstream;
    case 'location':
      return Context.location;
    case 'if':
      return context === Context.server ? Context.ifInServer : Context.ifInLocation;
    case 'limit_except':
      return Context.limitExcept;
    default:
      return Context.other;
  }
}
