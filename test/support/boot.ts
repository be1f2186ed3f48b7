/** What `Fn::Sub` makes of user data. */
export function substituted(text: string, bucket = 'shop-releases', region = 'eu-west-1'): string {
  const names: Readonly<Record<string, string>> = {
    Releases: bucket,
    Log: 'lbctl-shop-Log-1ABC',
    'AWS::Region': region,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  return text.replaceAll(/\$\{(!?)([^}]*)\}/gu, (_, escape: string, name: string) => {
    if (escape !== '') return `\${${name}}`;
    if (names[name] === undefined) throw new Error(`the stack has nothing named ${name}`);
    return names[name];
  });
}
