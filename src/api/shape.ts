import type { z } from 'zod';

type Primitive = string | number | boolean | bigint | null | undefined;

/** `T` with nothing in it to be written to, and every intersection told as one object. */
export type Frozen<T> = T extends Primitive
  ? T
  : T extends readonly [infer First, ...infer Rest]
    ? readonly [Frozen<First>, ...{ readonly [K in keyof Rest]: Frozen<Rest[K]> }]
    : T extends readonly (infer Each)[]
      ? readonly Frozen<Each>[]
      : { readonly [K in keyof T]: Frozen<T[K]> };

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/**
 * The schema as it is, if its values are exactly of the type `T` that another room declares, no member more or
 * less; anything else does not compile. So a shape of the fleet is declared where it belongs, and told here.
 */
export function shapeOf<T>() {
  return <S extends z.ZodType>(
    schema: S & (Same<Frozen<z.output<S>>, Frozen<T>> extends true ? unknown : { readonly notTheSameAs: T }),
  ): S => schema;
}

/** What a schema of an answer lets through, for those who read it. */
export type Shown<S extends z.ZodType> = Frozen<z.output<S>>;

/** What a schema of a request takes, for those who write it. */
export type Wished<S extends z.ZodType> = Frozen<z.input<S>>;
