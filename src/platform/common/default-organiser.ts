/** The organiser of everybody while no keys are required. It owns all data from before keys were introduced. */
export const DEFAULT_ORGANISER_ID = '00000000-0000-0000-0000-000000000000';
