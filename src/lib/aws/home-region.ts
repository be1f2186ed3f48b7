import { attempt } from './failure.ts';

/**
 * The Region that a client has from the environment or the profile; nobody is called, and the client is at its end.
 * @throws UserError `input` where there is none.
 */
export async function homeRegionOf(
  client: { readonly config: { region(): Promise<string> }; destroy(): void },
  call: { readonly doing: string; readonly action: string },
): Promise<string> {
  try {
    return await attempt(call, () => client.config.region());
  } finally {
    client.destroy();
  }
}
