/** Follows the lines of a text; offsets may only grow. */
export class Lines {
  /** Where the current line starts. */
  start = 0;
  /** The first thing on the line that is not white space. */
  first = 0;
  /** Width of the white space in front of it; a tab goes on to the next multiple of 8. */
  indent = 0;
  private next = -1;

  constructor(private readonly text: string) {
    this.enter(0);
  }

  moveTo(offset: number): void {
    while (this.next >= 0 && this.next < offset) this.enter(this.next + 1);
  }

  private enter(start: number): void {
    this.start = start;
    this.next = this.text.indexOf('\n', start);
    this.indent = 0;
    let at = start;
    for (; ; at++) {
      if (this.text[at] === ' ') this.indent++;
      else if (this.text[at] === '\t') this.indent = (Math.floor(this.indent / 8) + 1) * 8;
      else break;
    }
    this.first = at;
  }
}
