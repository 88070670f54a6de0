// Towns to steer by where no base map is set: name, latitude, longitude, two decimals (about 1 km), and how early they
// show (1: always). Written by hand; enough that every inhabited part of the country has one within 80 km.
export interface Town {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly rank: 1 | 2 | 3;
}

const LIST: readonly (readonly [string, number, number, 1 | 2 | 3])[] = [
  ["Stockholm", 59.33, 18.07, 1], ["Göteborg", 57.71, 11.97, 1], ["Malmö", 55.6, 13.0, 1], ["Uppsala", 59.86, 17.64, 2],
  ["Västerås", 59.61, 16.55, 2], ["Örebro", 59.27, 15.21, 1], ["Linköping", 58.41, 15.62, 2], ["Helsingborg", 56.05, 12.7, 2],
  ["Jönköping", 57.78, 14.16, 2], ["Norrköping", 58.59, 16.18, 2], ["Lund", 55.7, 13.19, 3], ["Umeå", 63.83, 20.26, 1],
  ["Gävle", 60.67, 17.14, 2], ["Borås", 57.72, 12.94, 2], ["Södertälje", 59.2, 17.63, 3], ["Eskilstuna", 59.37, 16.51, 3],
  ["Halmstad", 56.67, 12.86, 2], ["Växjö", 56.88, 14.81, 2], ["Karlstad", 59.38, 13.5, 2], ["Sundsvall", 62.39, 17.31, 1],
  ["Östersund", 63.18, 14.64, 1], ["Trollhättan", 58.28, 12.29, 3], ["Luleå", 65.58, 22.15, 1], ["Borlänge", 60.49, 15.44, 3],
  ["Falun", 60.61, 15.63, 2], ["Kalmar", 56.66, 16.36, 2], ["Skövde", 58.39, 13.85, 2], ["Karlskrona", 56.16, 15.59, 2],
  ["Kristianstad", 56.03, 14.16, 2], ["Skellefteå", 64.75, 20.95, 2], ["Uddevalla", 58.35, 11.94, 3], ["Visby", 57.64, 18.3, 1],
  ["Kiruna", 67.86, 20.23, 1], ["Gällivare", 67.13, 20.66, 2], ["Piteå", 65.32, 21.48, 3], ["Boden", 65.83, 21.69, 3],
  ["Haparanda", 65.84, 24.14, 2], ["Arvidsjaur", 65.59, 19.17, 2], ["Lycksele", 64.6, 18.67, 2], ["Storuman", 65.1, 17.12, 3],
  ["Vilhelmina", 64.62, 16.66, 3], ["Örnsköldsvik", 63.29, 18.72, 2], ["Härnösand", 62.63, 17.94, 3], ["Hudiksvall", 61.73, 17.11, 3],
  ["Söderhamn", 61.3, 17.06, 3], ["Bollnäs", 61.35, 16.39, 3], ["Ljusdal", 61.83, 16.09, 3], ["Sveg", 62.03, 14.36, 2],
  ["Strömsund", 63.85, 15.56, 3], ["Åre", 63.4, 13.08, 3], ["Mora", 61.0, 14.54, 2], ["Malung", 60.68, 13.72, 3],
  ["Idre", 61.86, 12.72, 3], ["Ludvika", 60.15, 15.19, 3], ["Avesta", 60.15, 16.17, 3], ["Norrtälje", 59.76, 18.7, 3],
  ["Nyköping", 58.75, 17.01, 2], ["Katrineholm", 59.0, 16.21, 3], ["Nynäshamn", 58.9, 17.95, 3], ["Motala", 58.54, 15.04, 3],
  ["Västervik", 57.76, 16.64, 2], ["Oskarshamn", 57.26, 16.45, 3], ["Vetlanda", 57.43, 15.08, 3], ["Värnamo", 57.19, 14.04, 3],
  ["Ljungby", 56.83, 13.94, 3], ["Borgholm", 56.88, 16.66, 3], ["Karlshamn", 56.17, 14.86, 3], ["Hässleholm", 56.16, 13.77, 3],
  ["Ystad", 55.43, 13.82, 3], ["Trelleborg", 55.38, 13.16, 3], ["Simrishamn", 55.56, 14.35, 3], ["Landskrona", 55.87, 12.83, 3],
  ["Ängelholm", 56.24, 12.86, 3], ["Varberg", 57.11, 12.25, 3], ["Falkenberg", 56.9, 12.49, 3], ["Kungsbacka", 57.49, 12.08, 3],
  ["Kungälv", 57.87, 11.98, 3], ["Ale (Nödinge)", 57.9, 12.05, 3], ["Alingsås", 57.93, 12.53, 3], ["Lerum", 57.77, 12.27, 3],
  ["Stenungsund", 58.07, 11.82, 3], ["Lysekil", 58.27, 11.44, 3], ["Strömstad", 58.94, 11.17, 2], ["Vänersborg", 58.38, 12.32, 3],
  ["Lidköping", 58.5, 13.16, 3], ["Mariestad", 58.71, 13.82, 3], ["Falköping", 58.17, 13.55, 3], ["Åmål", 59.05, 12.7, 3],
  ["Arvika", 59.66, 12.59, 3], ["Torsby", 60.14, 13.01, 3], ["Hagfors", 60.03, 13.65, 3], ["Filipstad", 59.71, 14.17, 3],
  ["Karlskoga", 59.33, 14.52, 3], ["Pajala", 67.21, 23.37, 3], ["Jokkmokk", 66.61, 19.82, 3], ["Överkalix", 66.33, 22.84, 3],
  ["Abisko", 68.35, 18.83, 3], ["Tärnaby", 65.71, 15.26, 3], ["Sollefteå", 63.17, 17.27, 3], ["Bräcke", 62.75, 15.42, 3],
];

export const TOWNS: readonly Town[] = LIST.map(([name, lat, lon, rank]) => ({ name, lat, lon, rank }));
