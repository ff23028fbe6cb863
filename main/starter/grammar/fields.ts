/**
 * @file The fields of the made-up papers and their topics. Every topic is a singular noun phrase that stands without an
 * article ("weather forecasting is", "a paper on weather forecasting"), so that any sentence takes any topic.
 */

export interface Field {
  readonly name: string;
  readonly topics: readonly string[];
}

function field(name: string, topics: string): Field {
  return { name, topics: topics.split(',').map((topic) => topic.trim()) };
}

export const FIELDS: readonly Field[] = [
  field(
    'machine learning',
    'image classification, model selection, transfer learning, feature selection, anomaly detection, model compression, data labelling, time series prediction, policy learning, reward modelling, outlier detection, language modelling',
  ),
  field(
    'computer vision',
    'object tracking, face detection, image denoising, depth estimation, video captioning, road sign recognition, pose estimation, scene reconstruction, image retrieval, colour correction, motion prediction, handwriting recognition',
  ),
  field(
    'language technology',
    'machine translation, question answering, text summarisation, speech recognition, dialogue generation, spelling correction, sentiment analysis, document retrieval, keyword extraction, story generation, code generation, news classification',
  ),
  field(
    'robotics',
    'robot navigation, grasp planning, drone control, warehouse automation, path planning, robot soccer, underwater exploration, collision avoidance, legged walking, object sorting, kitchen assistance, map building',
  ),
  field(
    'medicine',
    'cancer screening, heart rate monitoring, drug dosing, sleep staging, wound healing, patient scheduling, tumour segmentation, pain assessment, surgery planning, disease prediction, hearing loss detection, blood test analysis',
  ),
  field(
    'biology',
    'protein folding, gene expression analysis, cell counting, species identification, plant growth modelling, insect migration, bird song recognition, bacterial growth, brain mapping, egg development, leaf disease detection, enzyme design',
  ),
  field(
    'chemistry',
    'molecule design, reaction prediction, catalyst discovery, water purification, battery design, crystal growth, solvent selection, polymer synthesis, dye analysis, fuel production, odour prediction, plastic recycling',
  ),
  field(
    'climate science',
    'weather forecasting, flood prediction, sea ice mapping, storm tracking, rainfall estimation, drought monitoring, carbon accounting, cloud classification, heat wave prediction, wind modelling, snow depth estimation, fire risk mapping',
  ),
  field(
    'ecology',
    'forest mapping, wildlife counting, river monitoring, soil analysis, coral reef protection, bee population modelling, fish stock estimation, seed dispersal, wolf tracking, wetland restoration, food web analysis, land use planning',
  ),
  field(
    'economics',
    'price forecasting, credit scoring, auction design, demand estimation, tax planning, housing market analysis, trade modelling, fraud detection, wage prediction, portfolio selection, inflation measurement, supply chain planning',
  ),
  field(
    'education',
    'essay grading, student feedback, course recommendation, reading assessment, exam design, classroom observation, tutoring, vocabulary teaching, dropout prediction, peer learning, homework planning, maths teaching',
  ),
  field(
    'computer systems',
    'cache management, load balancing, job scheduling, network routing, file storage, memory allocation, code review, query planning, bug detection, power management, password recovery, log analysis',
  ),
  field(
    'astronomy',
    'galaxy classification, planet detection, star counting, telescope scheduling, comet tracking, dark matter mapping, solar flare prediction, radio signal detection, moon crater mapping, meteor detection, orbit estimation, light curve analysis',
  ),
  field(
    'transport research',
    'traffic forecasting, bus scheduling, parking guidance, bicycle sharing, train delay prediction, parcel delivery, bridge inspection, ship routing, airport planning, road repair, taxi dispatch, crowd control',
  ),
  field(
    'psychology',
    'memory testing, emotion recognition, attention training, decision making, habit formation, stress measurement, sleep research, reading behaviour, colour perception, group behaviour, language learning, music perception',
  ),
  field(
    'digital culture',
    'music recommendation, film rating, game design, painting restoration, poem generation, chord recognition, museum guidance, map drawing, recipe generation, chess analysis, photo sorting, font design',
  ),
];
