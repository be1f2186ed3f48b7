/** Where a value stands in lb.yaml: keys and list positions from the top. */
export type Path = readonly (string | number)[];
