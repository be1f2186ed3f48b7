import { type Check, forPolicy, warning } from './check.ts';

export const usStates: Check = {
  id: 'us-states',
  summary: 'states of the United States come with a record for the rest of the country',
  find: forPolicy('geolocation', ({ title, sets }) => {
    const state = sets.find(({ GeoLocation }) => GeoLocation?.SubdivisionCode !== undefined);
    const isWhole = sets.some(
      ({ GeoLocation }) => GeoLocation?.CountryCode === 'US' && GeoLocation.SubdivisionCode === undefined,
    );
    if (!state || isWhole) return [];
    return [
      {
        ...warning(
          `${title} has states of the US and no record for the US: clients there whose state is not known are sent elsewhere`,
          'add one: country:US=ADDRESS',
        ),
        set: state,
      },
    ];
  }),
};
