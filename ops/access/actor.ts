/** Who acts: a person of the programme, or the system itself. Who may do what is decided by whoever
 * makes an actor out of a login; what is done only remembers the name. */
export interface Actor {
  readonly name: string;
}
